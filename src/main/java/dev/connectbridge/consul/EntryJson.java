package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.resolve.Marks;
import java.util.List;

/** An entry as the agent or the catalog shows it, made the body that writes it just so. */
final class EntryJson {
  /** What both of them show and the agent takes; it refuses a body with any other word. */
  private static final List<String> SAME =
      List.of(
          "Kind",
          "ID",
          "Tags",
          "Meta",
          "Port",
          "Address",
          "TaggedAddresses",
          "Weights",
          "EnableTagOverride");

  private EntryJson() {}

  static ObjectNode body(JsonNode entry) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    SAME.forEach(field -> copy(entry, field, body, field));
    copy(entry, "Service", body, "Name");
    // A service that is no proxy shows an empty Proxy and an empty Connect in the catalog.
    if (!entry.path("Kind").asText("").isEmpty()) {
      copy(entry, "Proxy", body, "Proxy");
    }
    if (entry.path("Connect").path("Native").asBoolean()) {
      body.putObject("Connect").put("Native", true);
    }
    return body;
  }

  /** Returns the same without what tells whose it is. */
  static ObjectNode unmarked(JsonNode entry) {
    ObjectNode body = body(entry);
    ObjectNode meta = JsonNodeFactory.instance.objectNode();
    Marks.without(AgentJson.meta(entry)).forEach(meta::put);
    body.set("Meta", meta);
    return body;
  }

  private static void copy(JsonNode from, String field, ObjectNode to, String name) {
    JsonNode value = from.path(field);
    if (!value.isMissingNode() && !value.isNull()) {
      to.set(name, withoutNulls(value));
    }
  }

  /** A null inside a proxy's configuration breaks every catalog read of its service. */
  private static JsonNode withoutNulls(JsonNode value) {
    if (value instanceof ObjectNode object) {
      ObjectNode clean = JsonNodeFactory.instance.objectNode();
      object.properties().stream()
          .filter(field -> !field.getValue().isNull())
          .forEach(field -> clean.set(field.getKey(), withoutNulls(field.getValue())));
      return clean;
    }
    if (value.isArray()) {
      var clean = JsonNodeFactory.instance.arrayNode();
      value.forEach(item -> clean.add(withoutNulls(item)));
      return clean;
    }
    return value;
  }
}
