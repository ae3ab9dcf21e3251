package dev.connectbridge.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an agent and its servers hold, as a test sees it; and what strangers do to it. */
final class Held {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OWNER = "connect-bridge-owner";

  private static final String THEIRS =
      """
      {"ID": "%1$s", "Name": "stranger-%2$d", "Tags": ["theirs", "v%2$d"], "Port": 7%2$03d,
       "Address": "127.0.0.%2$d", "Meta": {"who": "somebody", "connect-bridge-like": "%2$d"},
       "Weights": {"Passing": 5, "Warning": 2}, "EnableTagOverride": true,
       "Checks": [{"Name": "alive", "TTL": "1h", "Status": "passing"}],
       "Connect": {"SidecarService": {"Port": 8%2$03d}}}
      """;

  private final RealConsul consul;
  private final SortedMap<String, JsonNode> strangers = new TreeMap<>();
  private final boolean forgets;

  Held(RealConsul consul, boolean forgets) {
    this.consul = consul;
    this.forgets = forgets;
  }

  /** An agent that forgets everything when it ends has lost the strangers' as well. */
  void restarted() {
    if (forgets) {
      strangers.clear();
    }
  }

  /** Returns what is not as it should be; empty when all is. */
  String amiss(SortedMap<String, Integer> wanted) throws IOException {
    List<JsonNode> entries = entries();
    String ours = amiss("the agent has", entries, wanted);
    SortedMap<String, JsonNode> others = others(entries);
    return !ours.isEmpty()
        ? ours
        : others.equals(strangers) ? "" : "the strangers' are " + others + ", not " + strangers;
  }

  /** Returns what the servers do not have as they should: of ours, or at all of the strangers'. */
  String amissInCatalog(SortedMap<String, Integer> wanted) throws IOException {
    JsonNode services = JSON.readTree(consul.get("/v1/catalog/node/n1")).path("Services");
    SortedSet<String> others = new TreeSet<>();
    services.properties().stream()
        .filter(row -> !isOurs(row.getValue()))
        .forEach(row -> others.add(row.getKey()));
    others.remove("consul");
    String ours = amiss("the catalog has", services, wanted);
    return !ours.isEmpty() || others.equals(strangers.keySet())
        ? ours
        : "of the strangers' the catalog has " + others + ", not " + strangers.keySet();
  }

  private static String amiss(
      String who, Iterable<JsonNode> entries, SortedMap<String, Integer> wanted) {
    SortedMap<String, String> ours = new TreeMap<>();
    for (JsonNode entry : entries) {
      if (isOurs(entry)) {
        ours.merge(
            entry.path("Service").asText(), tags(entry), (one, two) -> one + " twice " + two);
      }
    }
    SortedMap<String, String> expected = new TreeMap<>();
    wanted.forEach(
        (name, version) -> {
          expected.put(name, "[\"v" + version + "\"]");
          expected.put(name + "-sidecar-proxy", "[\"v" + version + "\"]");
        });
    return ours.equals(expected) ? "" : who + " " + ours + ", not " + expected;
  }

  private static boolean isOurs(JsonNode entry) {
    return entry.path("Meta").has(OWNER);
  }

  /** Returns what is not ours, by its ID, each whole as the agent shows it with its checks. */
  private SortedMap<String, JsonNode> others(List<JsonNode> entries) throws IOException {
    JsonNode checks = JSON.readTree(consul.get("/v1/agent/checks"));
    SortedMap<String, JsonNode> others = new TreeMap<>();
    for (JsonNode entry : entries) {
      String id = entry.path("ID").asText();
      if (!isOurs(entry)) {
        others.put(id, ((ObjectNode) entry).set("checks of it", checksOf(id, checks)));
      }
    }
    return others;
  }

  /** How one came out is the agent's to say, and changes by itself. */
  private static JsonNode checksOf(String id, JsonNode all) {
    ObjectNode checks = JSON.createObjectNode();
    for (JsonNode check : all) {
      if (check.path("ServiceID").asText().equals(id)) {
        ObjectNode without = ((ObjectNode) check).without(List.of("Status", "Output"));
        checks.set(check.path("CheckID").asText(), without);
      }
    }
    return checks;
  }

  private static String tags(JsonNode entry) {
    return entry.path("Tags").toString();
  }

  private List<JsonNode> entries() throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    JSON.readTree(consul.get("/v1/agent/services")).forEach(entries::add);
    return entries;
  }

  /** Registers an entry of somebody else's that has a bit of everything. */
  void register(int number) throws IOException {
    String id = "_connect-bridge-stranger-" + number;
    consul.put("/v1/agent/service/register", THEIRS.formatted(id, number));
    SortedMap<String, JsonNode> held = others(entries());
    for (String one : List.of(id, id + "-sidecar-proxy")) {
      strangers.put(one, held.get(one));
    }
  }

  void deregister(String service) throws IOException {
    for (JsonNode entry : entries()) {
      if (entry.path("Service").asText().equals(service)) {
        consul.put("/v1/agent/service/deregister/" + entry.path("ID").asText(), "");
      }
    }
  }

  /** Writes over the tags of one of ours, marks and all. */
  void edit(String service) throws IOException {
    for (JsonNode entry : entries()) {
      if (entry.path("Service").asText().equals(service)) {
        ObjectNode body = JSON.createObjectNode();
        body.set("ID", entry.path("ID"));
        body.set("Name", entry.path("Service"));
        body.set("Port", entry.path("Port"));
        body.set("Meta", entry.path("Meta"));
        body.putArray("Tags").add("by-hand");
        consul.put("/v1/agent/service/register", body.toString());
      }
    }
  }
}
