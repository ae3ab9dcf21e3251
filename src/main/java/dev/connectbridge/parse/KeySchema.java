package dev.connectbridge.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the value of a key may be, in JSON Schema, with all conversions that the parser makes. */
final class KeySchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String NUMBER = "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$";
  private static final String SPAN =
      "^[+-]?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";

  private KeySchema() {}

  static ObjectNode reference(String name) {
    return JSON.objectNode().put("$ref", "#/$defs/" + name);
  }

  /** Returns the types of values that the schemas of keys refer to. */
  static Map<String, ObjectNode> definitions() {
    Map<String, ObjectNode> types = new LinkedHashMap<>();
    ObjectNode text = JSON.objectNode();
    text.putArray("type").add("string").add("number").add("boolean");
    types.put("TEXT", text);
    types.put("INTEGER", anyOf(whole(), pattern(NUMBER)));
    types.put("FLAG", values(true, false, "true", "false", "1", "0"));
    ObjectNode zero = JSON.objectNode().put("type", "number").put("minimum", 0).put("maximum", 0);
    types.put("DURATION", anyOf(pattern(SPAN), zero));
    ObjectNode texts = JSON.objectNode().put("type", "array");
    texts.set("items", reference("TEXT"));
    types.put("TEXTS", texts);
    types.put("TEXT_MAP", map(reference("TEXT")));
    types.put("TEXTS_MAP", map(reference("TEXTS")));
    types.put("OPAQUE_MAP", map(JSON.objectNode()));
    return types;
  }

  /** Returns the schema of a key that is no block; null says nothing, whatever the type. */
  static ObjectNode of(Key key) {
    if (key.is(Mark.LATER)) {
      return harmless(key);
    }
    ObjectNode schema =
        anyOf(
            key.words().isEmpty() ? reference(key.kind().name()) : words(key),
            JSON.objectNode().put("type", "null"));
    String otherwise = key.told().otherwise();
    if (otherwise.isEmpty()) {
      return key.kind() == Key.Kind.FLAG ? schema.put("default", false) : schema;
    }
    return key.kind() == Key.Kind.INTEGER
        ? schema.put("default", Integer.parseInt(otherwise))
        : schema.put("default", otherwise);
  }

  private static ObjectNode words(Key key) {
    ObjectNode words = JSON.objectNode();
    ArrayNode list = words.putArray("enum");
    key.words().forEach(list::add);
    list.add("");
    if (!key.is(Mark.FOLDED)) {
      return words;
    }
    String anyCase =
        key.words().stream().map(KeySchema::anyCase).collect(Collectors.joining("|", "^(", ")$"));
    return anyOf(words, pattern(anyCase));
  }

  private static String anyCase(String word) {
    return word.chars()
        .mapToObj(Character::toString)
        .map(each -> "[" + each + each.toUpperCase(Locale.ROOT) + "]")
        .collect(Collectors.joining());
  }

  /** Returns what a key that is not supported yet may say: nothing that matters. */
  private static ObjectNode harmless(Key key) {
    ObjectNode schema = values("", 0, false);
    ArrayNode list = (ArrayNode) schema.get("enum");
    list.addNull().addArray();
    list.addObject();
    for (Value value : key.harmless()) {
      if (value instanceof Value.Text text) {
        list.add(text.text());
      }
    }
    return schema;
  }

  private static ObjectNode whole() {
    return JSON.objectNode()
        .put("type", "integer")
        .put("minimum", Integer.MIN_VALUE)
        .put("maximum", Integer.MAX_VALUE);
  }

  private static ObjectNode map(ObjectNode values) {
    ObjectNode object = JSON.objectNode().put("type", "object");
    object.set("additionalProperties", values);
    ObjectNode list = JSON.objectNode().put("type", "array").put("maxItems", 1);
    list.set("items", object);
    return anyOf(object, list);
  }

  private static ObjectNode pattern(String pattern) {
    return JSON.objectNode().put("type", "string").put("pattern", pattern);
  }

  private static ObjectNode values(Object... values) {
    ObjectNode schema = JSON.objectNode();
    ArrayNode list = schema.putArray("enum");
    for (Object value : values) {
      list.addPOJO(value);
    }
    return schema;
  }

  private static ObjectNode anyOf(JsonNode one, JsonNode other) {
    ObjectNode either = JSON.objectNode();
    either.putArray("anyOf").add(one).add(other);
    return either;
  }
}
