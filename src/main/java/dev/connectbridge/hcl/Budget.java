package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;

/**
 * What a file may make of itself. A few lines of loops could otherwise grow beyond any memory; a
 * file that is merely long stays within it, because its own length is added.
 */
final class Budget {
  private static final int STEPS = 750_000;
  private static final int CHARACTERS = 16_000_000;
  private static final int LONGEST = 1_000_000;
  private static final int LOOKS = 20_000_000;
  private static final int DEEPEST_VALUE = 100;
  private static final int DEEPEST_WORK = 400;

  private final int longest;
  private final int[] looks = {LOOKS};
  private long steps;
  private long characters;
  private int depth;

  Budget(int length) {
    longest = Math.max(LONGEST, length);
    steps = STEPS + (long) length;
    characters = CHARACTERS + 2L * length;
  }

  /** Goes one level deeper into what is worked out; each call is followed by {@link #leave}. */
  void enter(Place place) {
    step(place);
    depth++;
    if (depth > DEEPEST_WORK) {
      depth--;
      throw Fault.last(place, "worked out too deeply: at most " + DEEPEST_WORK + " levels");
    }
  }

  void leave() {
    depth--;
  }

  void step(Place place) {
    steps(1, place);
  }

  void steps(long count, Place place) {
    steps -= count;
    if (steps < 0) {
      steps = 0;
      throw Fault.last(
          place, "too much is made here: at most " + STEPS + " values are worked out for one file");
    }
  }

  /** Returns how often patterns may still look at a character. */
  int[] looks() {
    return looks;
  }

  /** Pays for a text that was made. */
  String text(String text, Place place) {
    length(text.length(), place);
    characters -= text.length();
    if (characters < 0) {
      characters = 0;
      throw Fault.last(
          place, "too much text is made here: at most " + CHARACTERS + " characters for one file");
    }
    return text;
  }

  /** Faults when a text of this length may not be made. */
  void length(long length, Place place) {
    if (length > longest) {
      throw new Fault(place, "this text grows too long: at most " + longest + " characters");
    }
  }

  /** Pays for a value that is taken from elsewhere, with all that is in it. */
  Node value(Node node, Place place) {
    value(node, place, 0);
    return node;
  }

  private void value(Node node, Place place, int level) {
    step(place);
    if (level > DEEPEST_VALUE) {
      throw new Fault(place, "this value is nested too deeply: at most " + DEEPEST_VALUE);
    }
    if (node instanceof Node.Items items) {
      items.items().forEach(item -> value(item, place, level + 1));
    } else if (node instanceof Node.Entries entries) {
      entries.members().forEach((key, member) -> value(member.node(), place, level + 1));
    } else if (node.value() instanceof Value.Text text) {
      // a text is shared, not copied; looking at it takes time all the same
      steps(text.text().length() / 64, place);
    }
  }
}
