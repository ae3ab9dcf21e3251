package dev.connectbridge.parse;

import dev.connectbridge.spec.Value;

/** Values that say nothing, so that nothing is lost when their key is not supported. */
final class Harmless {
  private Harmless() {}

  static boolean isEmpty(Value value) {
    if (value instanceof Value.Text text) {
      return text.text().isEmpty();
    }
    if (value instanceof Value.Num number) {
      return number.number().signum() == 0;
    }
    if (value instanceof Value.Bool bool) {
      return !bool.flag();
    }
    if (value instanceof Value.Items items) {
      return items.items().isEmpty();
    }
    return !(value instanceof Value.Entries entries) || entries.entries().isEmpty();
  }

  /** Returns whether a key that is not supported has a value that changes nothing. */
  static boolean is(Key key, Value value) {
    boolean emptyObject = value instanceof Value.Entries && key.kind().isBlock();
    return key.harmless().contains(value) || (!emptyObject && isEmpty(value));
  }
}
