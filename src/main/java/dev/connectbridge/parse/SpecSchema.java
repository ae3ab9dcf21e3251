package dev.connectbridge.parse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.parse.Shape.Unknown;
import java.util.Map;

/**
 * The JSON Schema of specs in JSON and YAML with HCL's keys, made of the shapes that read them.
 * What it refuses the parser refuses too; the parser knows more.
 */
final class SpecSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<Shape, String> names = Shapes.named();

  private SpecSchema() {}

  /** Returns the schema. */
  static ObjectNode document() {
    return new SpecSchema().whole();
  }

  private ObjectNode whole() {
    ObjectNode document =
        JSON.objectNode()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("title", "connect-bridge spec")
            .put("description", "A job with HCL's keys in JSON or YAML.");
    document.setAll(object(JobShapes.FILE));
    document.putArray("required").add("job");
    ObjectNode definitions = document.putObject("$defs");
    KeySchema.definitions().forEach(definitions::set);
    names.forEach((shape, name) -> definitions.set(name, object(shape)));
    return document;
  }

  private ObjectNode object(Shape shape) {
    ObjectNode object = JSON.objectNode().put("type", "object");
    ObjectNode properties = object.putObject("properties");
    ArrayNode required = JSON.arrayNode();
    for (Key key : shape.keys()) {
      if (key.is(Mark.API_ONLY)) {
        continue;
      }
      properties.set(key.name(), property(key));
      if (key.is(Mark.REQUIRED)) {
        required.add(key.name());
      }
    }
    if (!required.isEmpty()) {
      object.set("required", required);
    }
    if (shape.unknown() != Unknown.IGNORED) {
      properties.putObject(TreeLevels.COMMENT).put("description", "A remark.");
      object.put("additionalProperties", false);
    }
    return object;
  }

  private ObjectNode property(Key key) {
    if (key.is(Mark.IGNORED)) {
      return JSON.objectNode().put("description", "Read and passed over.");
    }
    String goes = key.told().goes();
    ObjectNode property =
        JSON.objectNode().put("description", key.told().about() + " Goes to: " + goes + ".");
    property.setAll(key.kind().isBlock() ? blocks(key) : KeySchema.of(key));
    return property;
  }

  private ObjectNode blocks(Key key) {
    Shape shape = key.inside().orElseThrow();
    ObjectNode one = KeySchema.reference(names.get(shape));
    if (key.is(Mark.LATER)) {
      return JSON.objectNode();
    }
    if (!shape.isLabelled()) {
      return oneOrList(one, key.kind() == Key.Kind.BLOCK);
    }
    ObjectNode labels = JSON.objectNode().put("type", "object");
    labels.set("additionalProperties", present(oneOrList(one, false)));
    return oneOrList(labels, false);
  }

  /** Returns what a block may be written as: an object, a list of them, or null for none. */
  private static ObjectNode oneOrList(ObjectNode one, boolean once) {
    ObjectNode list = JSON.objectNode().put("type", "array");
    list.set("items", one);
    if (once) {
      list.put("maxItems", 1);
    }
    ObjectNode either = JSON.objectNode();
    either.putArray("anyOf").add(one).add(list).add(JSON.objectNode().put("type", "null"));
    return either;
  }

  /** Behind a label there is no null. */
  private static ObjectNode present(ObjectNode either) {
    ((ArrayNode) either.get("anyOf")).remove(2);
    return either;
  }
}
