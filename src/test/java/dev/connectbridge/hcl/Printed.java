package dev.connectbridge.hcl;

import dev.connectbridge.spec.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A tree without places, and its text. */
record Printed(Map<String, Value> attributes, List<Nested> blocks) {

  record Nested(String type, List<String> labels, Printed body) {}

  static Printed of(HclBody body) {
    return new Printed(
        body.attributes().stream()
            .collect(Collectors.toMap(it -> it.name(), it -> it.value().value())),
        body.blocks().stream()
            .map(
                it ->
                    new Nested(
                        it.type(), it.labels().stream().map(l -> l.text()).toList(), of(it.body())))
            .toList());
  }

  String text() {
    StringBuilder text = new StringBuilder();
    attributes.forEach((name, value) -> text.append(name + " = " + text(value) + "\n"));
    for (Nested block : blocks) {
      text.append(block.type());
      block.labels().forEach(label -> text.append(' ').append(quoted(label)));
      text.append(" {\n").append(block.body().text()).append("}\n");
    }
    return text.toString();
  }

  private static String text(Value value) {
    if (value instanceof Value.Text text) {
      return quoted(text.text());
    }
    if (value instanceof Value.Num number) {
      return number.number().toString();
    }
    if (value instanceof Value.Bool bool) {
      return String.valueOf(bool.flag());
    }
    if (value instanceof Value.Items items) {
      return items.items().stream().map(Printed::text).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Value.Entries entries) {
      return entries.entries().entrySet().stream()
          .map(entry -> quoted(entry.getKey()) + " = " + text(entry.getValue()))
          .collect(Collectors.joining("\n", "{\n", "\n}"));
    }
    return "null";
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int at = 0; at < text.length(); at++) {
      char found = text.charAt(at);
      if (found == '"' || found == '\\') {
        quoted.append('\\').append(found);
      } else if ((found == '$' || found == '%') && text.startsWith("{", at + 1)) {
        quoted.append(found).append(found);
      } else if (found < ' ' || found == 127) {
        quoted.append("\\u%04x".formatted((int) found));
      } else {
        quoted.append(found);
      }
    }
    return quoted.append('"').toString();
  }
}
