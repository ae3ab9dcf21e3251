package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.spec.Value;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Configuration entries, to JSON and back. */
final class ConfigEntryJson {
  private static final String META = "Meta";
  private static final String INDEX = "ModifyIndex";

  private ConfigEntryJson() {}

  static ObjectNode body(ConfigEntry entry) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("Kind", entry.kind()).put("Name", entry.name());
    body.setAll(ValueJson.of(entry.body()));
    if (!entry.meta().isEmpty()) {
      entry.meta().forEach(body.putObject(META)::put);
    }
    return body;
  }

  static HeldEntry held(String kind, String name, JsonNode reply) {
    SortedMap<String, String> meta = new TreeMap<>();
    reply
        .path(META)
        .properties()
        .forEach(pair -> meta.put(pair.getKey(), pair.getValue().asText()));
    SortedMap<String, Value> body = ValueJson.config(reply);
    body.keySet().removeAll(List.of("Kind", "Name", META, "CreateIndex", INDEX));
    return new HeldEntry(kind, name, body, meta, reply.path(INDEX).asLong());
  }
}
