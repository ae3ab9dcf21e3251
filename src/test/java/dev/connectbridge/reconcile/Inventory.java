package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Witness.must;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.reconcile.Village.Wish;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Situation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the agent holds at rest, entry by entry, beside what the files say. Nothing is taken from
 * what the bridge itself makes of the files.
 */
final class Inventory {
  private static final String MARK = "connect-bridge-";
  private static final String MAINTENANCE = "_service_maintenance:";

  private final Map<String, JsonNode> held;
  private final JsonNode checks;

  Inventory(Witness witness) {
    this.held = witness.held();
    this.checks = witness.checks();
  }

  /** Each service stands there once, as its file says, and its sidecar with it. */
  void isOf(Collection<Wish> wishes) {
    for (Wish wish : wishes) {
      List<String> ids = new ArrayList<>();
      held.forEach(
          (id, entry) -> {
            if (Witness.isOurs(entry) && wish.name().equals(entry.path("Service").asText())) {
              ids.add(id);
            }
          });
      same(wish.name(), "entries", 1, ids.size());
      isOf(wish, ids.get(0));
    }
  }

  private void isOf(Wish wish, String id) {
    JsonNode entry = held.get(id);
    same(id, "port", wish.port(), entry.path("Port").asInt());
    same(id, "kind", "", entry.path("Kind").asText());
    isDressed(wish, id, entry);
    Map<String, String> found = checks(id);
    same(id, "checks", wish.check().stream().toList(), List.copyOf(found.values()));
    found.keySet().forEach(check -> must(check.startsWith(id + ".check-"), "I4: check " + check));
    String sidecar = id + ServiceId.SIDECAR_SUFFIX;
    same(id, "sidecar", wish.sidecar(), held.containsKey(sidecar));
    if (wish.sidecar()) {
      isSidecarOf(wish, id, sidecar);
    }
  }

  /** What Consul would have a sidecar inherit is the same on both. */
  private static void isDressed(Wish wish, String id, JsonNode entry) {
    List<String> tags = new ArrayList<>();
    entry.path("Tags").forEach(tag -> tags.add(tag.asText()));
    same(id, "tags", wish.tags(), tags);
    Map<String, String> meta = new TreeMap<>();
    entry.path("Meta").properties().forEach(one -> meta.put(one.getKey(), one.getValue().asText()));
    same(id, "group", wish.group(), meta.get(MARK + "group"));
    same(id, "source", wish.source(), meta.get(MARK + "source"));
    same(id, "external source", "connect-bridge", meta.remove("external-source"));
    meta.keySet().removeIf(key -> key.startsWith(MARK));
    same(id, "meta", wish.meta(), meta);
  }

  private void isSidecarOf(Wish wish, String id, String sidecar) {
    JsonNode entry = held.get(sidecar);
    same(sidecar, "kind", "connect-proxy", entry.path("Kind").asText());
    same(sidecar, "name", wish.name() + ServiceId.SIDECAR_SUFFIX, entry.path("Service").asText());
    isDressed(wish, sidecar, entry);
    int port = entry.path("Port").asInt();
    must(
        port >= Situation.DEFAULT_MIN_PORT && port <= Situation.DEFAULT_MAX_PORT,
        "I4: " + sidecar + " is at port " + port);
    Set<String> there = new HashSet<>();
    held.forEach(
        (other, its) -> {
          if (its.path("Port").asInt() == port) {
            there.add(other);
          }
        });
    same(sidecar, "port's holders", Set.of(sidecar), there);
    JsonNode proxy = entry.path("Proxy");
    same(sidecar, "destination", wish.name(), proxy.path("DestinationServiceName").asText());
    same(sidecar, "destination's ID", id, proxy.path("DestinationServiceID").asText());
    same(sidecar, "local port", wish.port(), proxy.path("LocalServicePort").asInt());
    same(sidecar, "bound port", port, proxy.path("Config").path("bind_port").asInt());
    Map<String, Integer> upstreams = new TreeMap<>();
    proxy
        .path("Upstreams")
        .forEach(
            one ->
                upstreams.put(
                    one.path("DestinationName").asText(), one.path("LocalBindPort").asInt()));
    same(sidecar, "upstreams", wish.upstreams(), upstreams);
    same(
        sidecar,
        "checks",
        Set.of(id + ".check-alias", id + ".check-listening"),
        checks(sidecar).keySet());
  }

  /** Returns the names of an entry's checks by their IDs; that it is maintained is no spec's. */
  private Map<String, String> checks(String id) {
    Map<String, String> found = new TreeMap<>();
    for (JsonNode check : checks) {
      String itself = check.path("CheckID").asText();
      if (check.path("ServiceID").asText().equals(id) && !itself.startsWith(MAINTENANCE)) {
        found.put(itself, check.path("Name").asText());
      }
    }
    return found;
  }

  private static void same(String id, String what, Object wanted, Object found) {
    must(wanted.equals(found), "I4: " + id + ": " + what + " are " + found + " and not " + wanted);
  }
}
