package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Opaque configuration, to JSON and back. A null is not sent: where a proxy's configuration holds
 * one at any depth, Consul 1.8.7 breaks off every catalog and health read of that service.
 */
public final class ValueJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int LONG_DIGITS = 18;

  private ValueJson() {}

  /** Returns the object that a map of values is on the wire. */
  public static ObjectNode of(Map<String, Value> config) {
    ObjectNode node = JSON.objectNode();
    Value.withoutNulls(config).forEach((key, value) -> node.set(key, of(value)));
    return node;
  }

  private static JsonNode of(Value value) {
    if (value instanceof Value.Text text) {
      return JSON.textNode(text.text());
    }
    if (value instanceof Value.Num num) {
      return of(num.number());
    }
    if (value instanceof Value.Bool bool) {
      return JSON.booleanNode(bool.flag());
    }
    if (value instanceof Value.Items items) {
      return JSON.arrayNode()
          .addAll(Value.withoutNulls(items.items()).stream().map(ValueJson::of).toList());
    }
    if (value instanceof Value.Entries entries) {
      return of(entries.entries());
    }
    return JSON.nullNode();
  }

  /** A whole number has no fraction on the wire; a monstrous one keeps its exponent. */
  private static JsonNode of(BigDecimal number) {
    boolean whole = number.scale() <= 0 && number.precision() - number.scale() <= LONG_DIGITS;
    if (!whole) {
      return JSON.numberNode(number);
    }
    long exact = number.longValueExact();
    return exact == (int) exact ? JSON.numberNode((int) exact) : JSON.numberNode(exact);
  }

  static SortedMap<String, Value> config(JsonNode node) {
    return new TreeMap<>(entries(node));
  }

  private static Map<String, Value> entries(JsonNode node) {
    Map<String, Value> entries = new LinkedHashMap<>();
    node.properties().forEach(entry -> entries.put(entry.getKey(), value(entry.getValue())));
    return entries;
  }

  private static Value value(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING, BINARY -> new Value.Text(node.asText());
      case NUMBER -> new Value.Num(number(node));
      case BOOLEAN -> new Value.Bool(node.booleanValue());
      case ARRAY -> items(node);
      case OBJECT -> new Value.Entries(entries(node));
      case NULL, MISSING, POJO -> new Value.Nothing();
    };
  }

  private static Value items(JsonNode node) {
    List<Value> items = new ArrayList<>();
    node.forEach(item -> items.add(value(item)));
    return new Value.Items(items);
  }

  /** Consul keeps numbers as doubles, so that is what they are, whatever their digits look like. */
  private static BigDecimal number(JsonNode node) {
    double held = node.doubleValue();
    return Double.isFinite(held) ? BigDecimal.valueOf(held) : node.decimalValue();
  }
}
