package dev.connectbridge.converge;

import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.resolve.Marks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the servers hold under this owner's marks although the agent does not. The two never agree
 * to the moment, so only what stays so for a while is told.
 */
final class Ghosts {
  private static final Logger log = LoggerFactory.getLogger(Ghosts.class);

  /** An agent that loses an entry tells the servers at once, and tries again after 15 seconds. */
  private static final Duration STAYS = Duration.ofSeconds(30);

  private final String owner;
  private final SortedMap<String, Ghost> seen = new TreeMap<>();
  private final Set<String> told = new HashSet<>();
  private Set<String> held = Set.of();
  private boolean agentSeen;

  Ghosts(String owner) {
    this.owner = owner;
  }

  /** Notes what the agent holds, before a pass and by what it wrote. */
  void held(Pass pass) {
    Set<String> ids = new HashSet<>();
    pass.observed()
        .registrations()
        .forEach(
            one -> {
              ids.add(one.id().value());
              one.sidecar().ifPresent(any -> ids.add(one.id().sidecar()));
            });
    pass.observed().orphans().forEach(orphan -> ids.add(orphan.id()));
    pass.observed().foreign().forEach(foreign -> ids.add(foreign.id()));
    held = ids;
    agentSeen = true;
  }

  /** Notes what the servers hold. */
  void see(NodeServices catalog, Set<String> wanted, Instant now) {
    if (!agentSeen) {
      return;
    }
    Set<String> known = known(wanted);
    SortedMap<String, Marks> left = new TreeMap<>(catalog.marks());
    left.values().removeIf(marks -> !marks.owner().equals(owner));
    left.keySet().removeAll(known);
    seen.keySet().retainAll(left.keySet());
    told.retainAll(left.keySet());
    for (Map.Entry<String, Marks> one : left.entrySet()) {
      Marks marks = one.getValue();
      seen.putIfAbsent(one.getKey(), new Ghost(one.getKey(), marks.group(), marks.source(), now));
    }
    told(now).stream()
        .filter(ghost -> told.add(ghost.id()))
        .forEach(
            ghost ->
                log.warn(
                    "{} of {} is in the catalog although the agent does not hold it: a ghost",
                    ghost.id(),
                    ghost.group()));
  }

  private Set<String> known(Set<String> wanted) {
    Set<String> known = new HashSet<>(held);
    known.addAll(wanted);
    return known;
  }

  boolean isNowhere(String id, Set<String> wanted) {
    return agentSeen && !known(wanted).contains(id);
  }

  List<Ghost> told(Instant now) {
    return seen.values().stream()
        .filter(ghost -> !now.isBefore(ghost.since().plus(STAYS)))
        .toList();
  }
}
