package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings what the agent holds to the servers, at each write and, whatever happened, each minute.
 */
final class Syncing {
  private static final Duration FULL = Duration.ofSeconds(60);
  private static final int JITTER_SECONDS = 30;

  private final LocalState state;
  private final Catalog catalog;
  private final Acl acl;
  private final Random chance;
  private final Set<String> pending = new TreeSet<>();
  private final SortedMap<String, HeldService> leaving = new TreeMap<>();
  private final Set<String> ghosts = new TreeSet<>();
  private final Map<String, String> tokens = new HashMap<>();
  private Instant full;
  private boolean reaches = true;

  Syncing(LocalState state, Catalog catalog, Acl acl, Random chance, Instant now) {
    this.state = state;
    this.catalog = catalog;
    this.acl = acl;
    this.chance = chance;
    this.full = now.plus(FULL);
  }

  /** Says whether what is sent arrives; once it does again, all of it is soon brought there. */
  void reaches(boolean servers, Instant now) {
    reaches = servers;
    full = now.plusSeconds(1);
  }

  boolean reaches() {
    return reaches;
  }

  void changed(String service) {
    pending.add(service);
    ghosts.remove(service);
    leaving.remove(service);
  }

  void gone(List<HeldService> services) {
    services.forEach(
        service -> {
          pending.remove(service.id());
          leaving.put(service.id(), service);
        });
  }

  /** Returns whether there is anything that the servers were not told yet. */
  boolean owes() {
    return !pending.isEmpty() || !leaving.isEmpty();
  }

  boolean isDue(Instant now) {
    return !full.isAfter(now);
  }

  /** Compares all, and brings over what differs; what others wrote under our node goes. */
  void all(String node, Instant now) {
    full = now.plus(FULL).plusSeconds(chance.nextInt(JITTER_SECONDS));
    if (!reaches) {
      return;
    }
    takeTags(node);
    for (String id : List.copyOf(catalog.of(node).keySet())) {
      if (state.service(id).isEmpty() && !id.equals("consul") && !ghosts.contains(id)) {
        leaving.putIfAbsent(id, stranger(node, id));
      }
    }
    pending.addAll(state.services().keySet());
    changes(node);
  }

  private HeldService stranger(String node, String id) {
    return new HeldService(
        catalog.of(node).get(id).json(),
        tokens.getOrDefault(id, ""),
        false,
        java.util.Optional.empty());
  }

  /** With EnableTagOverride the servers' tags win. */
  private void takeTags(String node) {
    catalog
        .of(node)
        .forEach(
            (id, row) ->
                state
                    .service(id)
                    .filter(held -> held.json().path("EnableTagOverride").asBoolean())
                    .filter(held -> !held.json().path("Tags").equals(row.json().path("Tags")))
                    .ifPresent(
                        held -> state.services().put(id, held.withTags(row.json().path("Tags")))));
  }

  /** Brings over what is known to differ, in any order; a row that is refused ends it. */
  void changes(String node) {
    pending.addAll(state.takeTouched());
    if (!reaches) {
      return;
    }
    catalog.know(node);
    List<String> order = new ArrayList<>(pending);
    order.addAll(leaving.keySet());
    if (order.size() > 1) {
      Collections.shuffle(order, chance);
    }
    for (String id : order) {
      HeldService service = state.service(id).orElse(null);
      if (leaving.containsKey(id)) {
        leave(node, leaving.get(id));
      } else if (service != null && service.poison().isPresent()) {
        return;
      } else if (service != null && mayWrite(service)) {
        tokens.put(id, service.token());
        catalog.put(node, Catalog.row(service.json()), checks(node, id));
      }
      pending.remove(id);
    }
  }

  private void leave(String node, HeldService service) {
    leaving.remove(service.id());
    if (mayWrite(service) || !catalog.of(node).containsKey(service.id())) {
      catalog.remove(node, service.id());
    } else {
      ghosts.add(service.id());
    }
  }

  private boolean mayWrite(HeldService service) {
    return acl.may(service.token(), "service", service.name(), "write");
  }

  private SortedMap<String, ObjectNode> checks(String node, String id) {
    SortedMap<String, ObjectNode> checks = new TreeMap<>();
    state.checksOf(id).forEach(check -> checks.put(check.id(), check.row(node)));
    return checks;
  }

  /** The agent starts again: what it still had to say is in what it holds. */
  void restart(boolean kept, Instant now) {
    pending.clear();
    leaving.clear();
    ghosts.clear();
    if (kept) {
      pending.addAll(state.services().keySet());
    }
    full = now;
  }
}
