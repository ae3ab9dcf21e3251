package dev.connectbridge.testing;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** A body as Go's decoder takes it: strict about types and words, whatever comes behind it. */
final class GoBody {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private String top = "";

  private GoBody() {}

  /** Returns the fields that a body says, under the names that Consul keeps; nulls are left out. */
  static ObjectNode read(String body, Shape shape) {
    JsonNode said = parsed(body);
    if (said.isNull()) {
      return NODES.objectNode();
    }
    if (!said.isObject()) {
      throw failed("json: cannot unmarshal " + kind(said) + " into Go value of type struct");
    }
    GoBody reader = new GoBody();
    return reader.struct(said, shape, true);
  }

  static JsonNode parsed(String body) {
    if (body.isBlank()) {
      throw failed("EOF");
    }
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw failed(wording(body, e));
    }
  }

  private static String wording(String body, JsonProcessingException e) {
    if (e instanceof JsonEOFException) {
      return "unexpected EOF";
    }
    String looking =
        e instanceof JsonParseException && e.getOriginalMessage().contains("field name")
            ? "object key string"
            : "value";
    long at = Math.max(0, e.getLocation().getCharOffset());
    char wrong = body.charAt((int) Math.min(at, body.length() - 1));
    return "invalid character '" + wrong + "' looking for beginning of " + looking;
  }

  private ObjectNode struct(JsonNode said, Shape shape, boolean isTop) {
    ObjectNode kept = NODES.objectNode();
    for (Map.Entry<String, JsonNode> field : said.properties()) {
      Optional<Shape.Field> known = shape.field(field.getKey());
      if (known.isPresent()) {
        top = isTop ? known.get().name() : top;
        if (!field.getValue().isNull()) {
          kept.set(known.get().name(), value(field.getValue(), known.get().shape()));
        }
      } else if (!shape.isLenient()) {
        throw failed("json: unknown field \"" + field.getKey() + "\"");
      }
    }
    return kept;
  }

  private JsonNode value(JsonNode said, Shape shape) {
    if (shape == Shape.ANYTHING) {
      return said;
    }
    if (shape == Shape.TIME) {
      return LongNode.valueOf(time(said));
    }
    if (shape.isList()) {
      return list(said, shape);
    }
    if (shape.isStruct()) {
      if (!said.isObject()) {
        throw mismatch(said, shape);
      }
      return struct(said, shape, false);
    }
    if (shape.items().isPresent()) {
      return map(said, shape);
    }
    return scalar(said, shape);
  }

  private JsonNode scalar(JsonNode said, Shape shape) {
    boolean fits =
        shape == Shape.TEXT
            ? said.isTextual()
            : shape == Shape.FLAG ? said.isBoolean() : said.canConvertToLong() && isWhole(said);
    if (!fits) {
      throw mismatch(said, shape);
    }
    return said;
  }

  private static boolean isWhole(JsonNode said) {
    return said.isIntegralNumber();
  }

  private ArrayNode list(JsonNode said, Shape shape) {
    if (!said.isArray()) {
      throw mismatch(said, shape);
    }
    ArrayNode kept = NODES.arrayNode();
    said.forEach(item -> kept.add(value(item, shape.items().orElseThrow())));
    return kept;
  }

  private ObjectNode map(JsonNode said, Shape shape) {
    if (!said.isObject()) {
      throw mismatch(said, shape);
    }
    ObjectNode kept = NODES.objectNode();
    Shape item = shape.items().orElseThrow();
    said.properties()
        .forEach(
            pair ->
                kept.set(
                    pair.getKey(),
                    pair.getValue().isNull() ? NODES.textNode("") : value(pair.getValue(), item)));
    return kept;
  }

  private Refused mismatch(JsonNode said, Shape shape) {
    boolean number = said.isNumber() && shape == Shape.NUMBER;
    return failed(
        "json: cannot unmarshal %s into Go struct field .%s of type %s"
            .formatted(kind(said) + (number ? " " + said.asText() : ""), top, shape.go()));
  }

  private static long time(JsonNode said) {
    return said.isNumber() ? said.asLong() : GoTime.nanos(said.asText(""));
  }

  private static String kind(JsonNode said) {
    return switch (said.getNodeType()) {
      case ARRAY -> "array";
      case OBJECT, POJO -> "object";
      case BOOLEAN -> "bool";
      case NUMBER -> "number";
      case BINARY, STRING, MISSING, NULL -> "string";
    };
  }

  static Refused failed(String why) {
    return new Refused(400, "Request decode failed: " + why);
  }
}
