package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the servers hold of all nodes, and the number of its last change. */
final class Catalog {
  private final SortedMap<String, SortedMap<String, Row>> rows = new TreeMap<>();
  private final Map<String, Long> changed = new HashMap<>();
  private long index = 10;

  /**
   * A service of a node.
   *
   * @param json as the servers show it
   * @param checks its checks, by ID
   * @param created the number of the change that made it
   * @param modified the number of its last change
   */
  record Row(ObjectNode json, SortedMap<String, ObjectNode> checks, long created, long modified) {
    String name() {
      return json.path("Service").asText();
    }

    boolean isPassing() {
      return checks.values().stream()
          .allMatch(check -> check.path("Status").asText().equals("passing"));
    }

    ObjectNode indexed() {
      return json.deepCopy().put("CreateIndex", created).put("ModifyIndex", modified);
    }
  }

  /** The servers know a node. */
  void know(String node) {
    rows.computeIfAbsent(node, any -> new TreeMap<>());
  }

  boolean knows(String node) {
    return rows.containsKey(node);
  }

  void forget(String node) {
    rows.remove(node);
  }

  SortedMap<String, Row> of(String node) {
    return rows.getOrDefault(node, new TreeMap<>());
  }

  List<String> nodes() {
    return List.copyOf(rows.keySet());
  }

  /** Takes a row; one that is the same changes nothing. */
  void put(String node, ObjectNode json, SortedMap<String, ObjectNode> checks) {
    know(node);
    String id = json.path("ID").asText();
    Row before = rows.get(node).get(id);
    boolean same = before != null && before.json.equals(json);
    if (same && before.checks.equals(checks)) {
      return;
    }
    index++;
    long modified = same ? before.modified : index;
    rows.get(node)
        .put(id, new Row(json, checks, before == null ? index : before.created, modified));
    touch(node, json.path("Service").asText());
  }

  void remove(String node, String id) {
    Row gone = of(node).get(id);
    if (gone != null) {
      rows.get(node).remove(id);
      index++;
      touch(node, gone.name());
    }
  }

  private void touch(String node, String service) {
    changed.put("node " + node, index);
    changed.put("service " + service, index);
  }

  /** Returns the number of the last change of a node. */
  long indexOfNode(String node) {
    return knows(node) ? Math.min(index, changed.getOrDefault("node " + node, index)) : 1;
  }

  /** Returns the number of the last change of a service; of one that is nowhere, of all. */
  long indexOfService(String name) {
    boolean there =
        rows.values().stream().anyMatch(node -> node.values().stream().anyMatch(named(name)));
    return there ? changed.getOrDefault("service " + name, index) : index;
  }

  private static java.util.function.Predicate<Row> named(String name) {
    return row -> row.name().equals(name);
  }

  long index() {
    return index;
  }

  /** The servers were restored from something older. */
  void index(long back) {
    index = back;
    changed.clear();
  }

  /** Returns an entry of an agent as the servers show it. */
  static ObjectNode row(ObjectNode entry) {
    ObjectNode row = entry.deepCopy();
    for (JsonNode upstream : row.path("Proxy").path("Upstreams")) {
      ObjectNode full = (ObjectNode) upstream;
      if (!full.has("Datacenter")) {
        full.put("Datacenter", "");
      }
      if (!full.has("Config")) {
        full.set("Config", NullNode.getInstance());
      }
    }
    if (!row.has("Proxy")) {
      ObjectNode proxy = row.putObject("Proxy");
      proxy.set("MeshGateway", JsonNodeFactory.instance.objectNode());
      proxy.set("Expose", JsonNodeFactory.instance.objectNode());
    }
    if (!row.has("Connect")) {
      row.putObject("Connect");
    }
    return row;
  }
}
