package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names in place of values that are still open.
 *
 * @param labels the labels of ports that stand for open ones
 */
record Placeholders(Map<Integer, String> labels) {
  private static final Pattern PORT = Pattern.compile("(?<![0-9])[0-9]{1,5}(?![0-9])");
  private static final String HASH = "connect-bridge-hash";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  Placeholders {
    labels = Map.copyOf(labels);
  }

  /** Returns a body in which everything that two drafts of it do not agree on has its name. */
  JsonNode where(JsonNode one, JsonNode other) {
    if (one.equals(other)) {
      return one;
    }
    if (one instanceof ObjectNode object && other.isObject()) {
      ObjectNode shown = JSON.objectNode();
      object
          .properties()
          .forEach(
              member ->
                  shown.set(
                      member.getKey(),
                      member(member.getKey(), member.getValue(), other.path(member.getKey()))));
      return shown;
    }
    if (one instanceof ArrayNode list && other.isArray()) {
      ArrayNode shown = JSON.arrayNode();
      for (int i = 0; i < list.size(); i++) {
        shown.add(where(list.get(i), other.path(i)));
      }
      return shown;
    }
    return JSON.textNode(named(other.asText()));
  }

  private JsonNode member(String key, JsonNode one, JsonNode other) {
    return key.equals(HASH) && !one.equals(other) ? JSON.textNode("<hash>") : where(one, other);
  }

  private String named(String text) {
    return PORT.matcher(text)
        .replaceAll(
            found -> {
              String label = labels.get(Integer.valueOf(found.group()));
              return Matcher.quoteReplacement(label == null ? found.group() : "<" + label + ">");
            });
  }
}
