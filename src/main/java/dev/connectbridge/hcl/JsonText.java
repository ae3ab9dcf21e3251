package dev.connectbridge.hcl;

import dev.connectbridge.spec.Value;
import java.util.List;
import java.util.TreeMap;

/** Writes values as JSON on one line, objects in the order of their keys. */
final class JsonText {
  private final StringBuilder text = new StringBuilder();

  private JsonText() {}

  static String of(Value value) {
    JsonText json = new JsonText();
    json.write(value);
    return json.text.toString();
  }

  private void write(Value value) {
    if (value instanceof Value.Text words) {
      quoted(words.text());
    } else if (value instanceof Value.Num number) {
      text.append(number.number().toPlainString());
    } else if (value instanceof Value.Bool bool) {
      text.append(bool.flag());
    } else if (value instanceof Value.Items items) {
      items(items.items());
    } else if (value instanceof Value.Entries entries) {
      entries(entries);
    } else {
      text.append("null");
    }
  }

  private void items(List<Value> items) {
    text.append('[');
    for (int at = 0; at < items.size(); at++) {
      text.append(at == 0 ? "" : ",");
      write(items.get(at));
    }
    text.append(']');
  }

  private void entries(Value.Entries entries) {
    TreeMap<String, Value> sorted = new TreeMap<>(Walk.ORDER);
    sorted.putAll(entries.entries());
    text.append('{');
    String comma = "";
    for (var entry : sorted.entrySet()) {
      text.append(comma);
      quoted(entry.getKey());
      text.append(':');
      write(entry.getValue());
      comma = ",";
    }
    text.append('}');
  }

  private void quoted(String words) {
    text.append('"');
    for (int at = 0; at < words.length(); at++) {
      character(words.charAt(at));
    }
    text.append('"');
  }

  /** Signs that mean something to HTML are written as numbers, as Go does. */
  private void character(char found) {
    switch (found) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '<', '>', '&', '\u2028', '\u2029' -> number(found);
      default -> {
        if (found < ' ') {
          number(found);
        } else {
          text.append(found);
        }
      }
    }
  }

  private void number(char found) {
    text.append("\\u%04x".formatted((int) found));
  }
}
