package dev.connectbridge.hcl;

import dev.connectbridge.spec.Value;
import java.util.Map;
import java.util.TreeMap;

/** Writes values as YAML in blocks; texts and keys are always quoted. */
final class YamlText {
  private final StringBuilder text = new StringBuilder();

  private YamlText() {}

  static String of(Value value) {
    YamlText yaml = new YamlText();
    if (isBlock(value)) {
      yaml.block(value, 0, false);
    } else {
      yaml.text.append(JsonText.of(value)).append('\n');
    }
    return yaml.text.toString();
  }

  private static boolean isBlock(Value value) {
    return (value instanceof Value.Items items && !items.items().isEmpty())
        || (value instanceof Value.Entries entries && !entries.entries().isEmpty());
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
      text.append(JsonText.of(new Value.Text(entry.getKey()))).append(':');
      member(entry.getValue(), indent);
      first = false;
    }
  }

  private void item(Value item, int indent) {
    if (isBlock(item)) {
      block(item, indent + 1, true);
    } else {
      text.append(JsonText.of(item)).append('\n');
    }
  }

  private void member(Value member, int indent) {
    if (!isBlock(member)) {
      text.append(' ').append(JsonText.of(member)).append('\n');
      return;
    }
    text.append('\n');
    block(member, member instanceof Value.Items ? indent : indent + 1, false);
  }

  private void indent(int indent, boolean begun) {
    text.append(begun ? "" : "  ".repeat(indent));
  }
}
