package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** What becomes of numbers that pass through a Go program without types: all are floats. */
final class GoNumbers {
  /** From here on Go writes an exponent. */
  private static final double LARGE = 1e21;

  private GoNumbers() {}

  static JsonNode asFloats(JsonNode said) {
    if (said.isObject()) {
      ObjectNode kept = JsonNodeFactory.instance.objectNode();
      said.properties().forEach(pair -> kept.set(pair.getKey(), asFloats(pair.getValue())));
      return kept;
    }
    if (said.isArray()) {
      ArrayNode kept = JsonNodeFactory.instance.arrayNode();
      said.forEach(item -> kept.add(asFloats(item)));
      return kept;
    }
    return said.isNumber() ? number(said.asDouble()) : said;
  }

  private static JsonNode number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < LARGE) {
      BigDecimal plain = new BigDecimal(Double.toString(value)).setScale(0);
      return Math.abs(value) < 1e15
          ? LongNode.valueOf(plain.longValueExact())
          : DecimalNode.valueOf(plain);
    }
    return JsonNodeFactory.instance.numberNode(value);
  }
}
