package dev.connectbridge.hcl;

import dev.connectbridge.spec.Value;
import java.util.Map;
import java.util.TreeMap;

/** Writes values as YAML in blocks; texts and keys are always quoted, or blocks of lines. */
final class YamlText {
  private final StringBuilder text = new StringBuilder();
  private final YamlScalars scalars = new YamlScalars(text);
  private boolean open;

  private YamlText() {}

  static String of(Value value) {
    YamlText yaml = new YamlText();
    if (isBlock(value)) {
      yaml.block(value, 0, false);
    } else {
      yaml.scalar(value, 1);
      yaml.open |= isPlain(value);
    }
    return yaml.text.append(yaml.open ? "...\n" : "").toString();
  }

  private static boolean isBlock(Value value) {
    return (value instanceof Value.Items items && !items.items().isEmpty())
        || (value instanceof Value.Entries entries && !entries.entries().isEmpty());
  }

  private static boolean isPlain(Value value) {
    return !(value instanceof Value.Text
        || value instanceof Value.Items
        || value instanceof Value.Entries);
  }

  /** Writes lines; the first may go on in the line of a dash. */
  private void block(Value value, int indent, boolean begun) {
    boolean first = begun;
    if (value instanceof Value.Items items) {
      for (Value item : items.items()) {
        indent(indent, first);
        text.append("- ");
        item(item, indent);
        first = false;
      }
      return;
    }
    TreeMap<String, Value> sorted = new TreeMap<>(Walk.ORDER);
    sorted.putAll(((Value.Entries) value).entries());
    for (Map.Entry<String, Value> entry : sorted.entrySet()) {
      indent(indent, first);
      scalars.key(entry.getKey());
      text.append(':');
      member(entry.getValue(), indent);
      first = false;
    }
  }

  private void item(Value item, int indent) {
    if (isBlock(item)) {
      block(item, indent + 1, true);
    } else {
      scalar(item, indent + 1);
    }
  }

  private void member(Value member, int indent) {
    if (!isBlock(member)) {
      text.append(' ');
      scalar(member, indent + 1);
      return;
    }
    text.append('\n');
    block(member, member instanceof Value.Items ? indent : indent + 1, false);
  }

  /** Writes what stands in one line or, if it is a text of several, goes on below it. */
  private void scalar(Value value, int indent) {
    open = false;
    if (!(value instanceof Value.Text words)) {
      text.append(JsonText.of(value)).append('\n');
    } else if (YamlScalars.isLines(words.text())) {
      open = scalars.lines(words.text(), 2 * indent);
    } else {
      scalars.quoted(words.text(), 2 * indent);
      text.append('\n');
    }
  }

  private void indent(int indent, boolean begun) {
    text.append(begun ? "" : "  ".repeat(indent));
  }
}
