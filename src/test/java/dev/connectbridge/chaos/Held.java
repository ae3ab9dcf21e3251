package dev.connectbridge.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an agent and its servers hold, as a test sees it; and what strangers do to it. */
final class Held {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OWNER = "connect-bridge-owner";

  private final RealConsul consul;
  private final SortedMap<String, String> strangers = new TreeMap<>();
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
    String ours = amiss("the agent has", entries(), wanted);
    SortedMap<String, String> others = others(entries());
    return !ours.isEmpty()
        ? ours
        : others.equals(strangers) ? "" : "the strangers' are " + others + ", not " + strangers;
  }

  /** Returns what of ours, sidecars included, the servers do not have as they should. */
  String amissInCatalog(SortedMap<String, Integer> wanted) throws IOException {
    JsonNode node = JSON.readTree(consul.get("/v1/catalog/node/n1"));
    return amiss("the catalog has", node.path("Services"), wanted);
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

  private static SortedMap<String, String> others(Iterable<JsonNode> entries) {
    SortedMap<String, String> others = new TreeMap<>();
    for (JsonNode entry : entries) {
      if (!isOurs(entry)) {
        others.put(entry.path("Service").asText(), tags(entry));
      }
    }
    return others;
  }

  private static String tags(JsonNode entry) {
    return entry.path("Tags").toString();
  }

  private List<JsonNode> entries() throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    JSON.readTree(consul.get("/v1/agent/services")).forEach(entries::add);
    return entries;
  }

  void register(int number) {
    String name = "stranger-" + number;
    consul.put(
        "/v1/agent/service/register",
        "{\"ID\": \"_connect-bridge-%1$s\", \"Name\": \"%1$s\", \"Tags\": [\"theirs\"]}"
            .formatted(name));
    strangers.put(name, "[\"theirs\"]");
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
