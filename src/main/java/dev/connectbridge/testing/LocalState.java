package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the agent itself holds. */
final class LocalState {
  private static final SortedMap<String, HeldCheck> NONE = Collections.emptySortedMap();

  private final SortedMap<String, HeldService> services = new TreeMap<>();
  private final SortedMap<String, HeldCheck> checks = new TreeMap<>();
  private final Map<String, SortedMap<String, HeldCheck>> byService = new HashMap<>();
  private final Map<String, SortedMap<String, HeldCheck>> byAliased = new HashMap<>();
  private final Set<String> touched = new TreeSet<>();
  private final Probing probing;
  private final int minPort;
  private final int maxPort;

  LocalState(Probing probing, int minPort, int maxPort) {
    this.probing = probing;
    this.minPort = minPort;
    this.maxPort = maxPort;
  }

  SortedMap<String, HeldService> services() {
    return services;
  }

  SortedMap<String, HeldCheck> checks() {
    return checks;
  }

  Optional<HeldService> service(String id) {
    return Optional.ofNullable(services.get(id));
  }

  List<HeldCheck> checksOf(String service) {
    return List.copyOf(byService.getOrDefault(service, NONE).values());
  }

  /** Returns the checks that are as healthy as a service. */
  List<HeldCheck> aliasesOf(String service) {
    return List.copyOf(byAliased.getOrDefault(service, NONE).values());
  }

  /** Notes that the checks of a service have something to tell the servers. */
  void touch(String service) {
    touched.add(service);
  }

  /** Returns whose checks have something to tell, and forgets it. */
  Set<String> takeTouched() {
    Set<String> taken = new TreeSet<>(touched);
    touched.clear();
    return taken;
  }

  private void hold(HeldCheck check) {
    checks.put(check.id(), check);
    byService.computeIfAbsent(check.service().id(), any -> new TreeMap<>()).put(check.id(), check);
    byAliased.computeIfAbsent(check.aliased(), any -> new TreeMap<>()).put(check.id(), check);
    touch(check.service().id());
  }

  private void drop(HeldCheck check) {
    checks.remove(check.id());
    byService.getOrDefault(check.service().id(), NONE).remove(check.id());
    byAliased.getOrDefault(check.aliased(), NONE).remove(check.id());
    touch(check.service().id());
  }

  /** Returns the port of a sidecar that says none: the one it has, else the first that is free. */
  int sidecarPort(String id) {
    Set<Integer> used = new HashSet<>();
    services.values().forEach(service -> used.add(service.port()));
    return service(id)
        .map(HeldService::port)
        .filter(port -> port > 0)
        .orElseGet(
            () -> {
              for (int port = minPort; port <= maxPort; port++) {
                if (!used.contains(port)) {
                  return port;
                }
              }
              throw new Refused(
                  500,
                  ("Bad request: Invalid SidecarService: no port provided for sidecar_service and"
                          + " none left in the configured range [%d, %d]")
                      .formatted(minPort, maxPort));
            });
  }

  /** Holds a service; what its checks said stays, and so do checks that are no longer said. */
  void add(ObjectNode said, String token, boolean sidecar, boolean replaceChecks, Instant now) {
    ObjectNode shown = Expansion.shown(said);
    String id = shown.path("ID").asText();
    boolean wasSidecar = service(id).map(HeldService::isSidecar).orElse(false);
    boolean stays = sidecar || (wasSidecar && !shown.has("Kind"));
    HeldService service = new HeldService(shown, token, stays, Expansion.poison(said));
    services.put(id, service);
    Set<String> kept = new HashSet<>();
    List<JsonNode> definitions = Rules.checksOf(said);
    for (int i = 0; i < definitions.size(); i++) {
      String alone = "service:" + id;
      String otherwise = definitions.size() == 1 ? alone : alone + ":" + (i + 1);
      String named = definitions.get(i).path("CheckID").asText("");
      String checkId = named.isEmpty() ? otherwise : named;
      kept.add(checkId);
      put(new HeldCheck(checkId, (ObjectNode) definitions.get(i), service, token), now);
    }
    if (replaceChecks) {
      checksOf(id).stream().filter(check -> !kept.contains(check.id())).forEach(this::drop);
    }
    probing.aliases(this, id, now);
  }

  /** Holds a check; one that is there already keeps what it said. */
  void put(HeldCheck check, Instant now) {
    HeldCheck before = checks.get(check.id());
    if (before != null) {
      drop(before);
      check.keep(before);
    }
    hold(check);
    probing.begin(this, check, now);
    probing.aliases(this, check.service().id(), now);
  }

  /** Lets a service go, and its sidecar if it came with it; returns what went. */
  List<HeldService> remove(String id, Instant now) {
    List<HeldService> gone = new ArrayList<>();
    boolean hadChecks = !checksOf(id).isEmpty();
    Optional.ofNullable(services.remove(id)).ifPresent(gone::add);
    checksOf(id).forEach(this::drop);
    String sidecar = id + "-sidecar-proxy";
    if (!gone.isEmpty() && service(sidecar).map(HeldService::isSidecar).orElse(false)) {
      gone.addAll(remove(sidecar, now));
    }
    if (!gone.isEmpty()) {
      probing.orphaned(this, id, hadChecks, now);
    }
    return gone;
  }

  /** Lets a check go; returns whether it was there. */
  boolean removeCheck(String id, Instant now) {
    HeldCheck gone = checks.get(id);
    if (gone != null) {
      drop(gone);
      probing.aliases(this, gone.service().id(), now);
    }
    return gone != null;
  }

  /** The agent starts again with what its directory kept. */
  void restart(boolean kept, Instant now) {
    if (!kept) {
      services.clear();
      List.copyOf(checks.values()).forEach(this::drop);
    }
    for (HeldCheck check : List.copyOf(checks.values())) {
      probing.restart(this, check, now);
    }
  }

  /** Returns the list of services, of those that somebody may see. */
  static String list(Map<String, String> texts) {
    StringBuilder list = new StringBuilder("{");
    texts.forEach(
        (id, text) -> {
          list.append(list.length() > 1 ? "," : "");
          JsonText.quote(id, list);
          list.append(':').append(text);
        });
    return list.append('}').toString();
  }
}
