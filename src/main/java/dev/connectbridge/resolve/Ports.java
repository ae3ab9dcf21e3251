package dev.connectbridge.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Gives dynamic ports. A port that was given before is given again, unless a spec fixes it; a new
 * one is looked for from a place that its key alone decides, so that the answer does not depend on
 * the order of the specs.
 */
final class Ports {
  private final Situation situation;
  private final Set<Integer> fixed;
  private final SortedSet<Integer> busy;
  private final SortedMap<String, Integer> given = new TreeMap<>();

  /**
   * @param fixed the ports of all specs that cannot move: one that was given before yields to them
   */
  Ports(Situation situation, Collection<Integer> fixed) {
    this.situation = situation;
    this.fixed = Set.copyOf(fixed);
    this.busy = new TreeSet<>(situation.taken());
    busy.addAll(fixed);
  }

  /** Gives a port to each key for which one is left. */
  SortedMap<String, Integer> give(SortedSet<String> keys) {
    Map<Integer, String> owners = new HashMap<>();
    SortedSet<String> open = new TreeSet<>();
    for (String key : keys) {
      Integer before = situation.remembered().get(key);
      if (before != null && !fixed.contains(before) && owners.putIfAbsent(before, key) == null) {
        given.put(key, before);
      } else {
        open.add(key);
      }
    }
    busy.addAll(situation.remembered().values());
    open.forEach(key -> fresh(key).ifPresent(port -> given.put(key, port)));
    return given;
  }

  private Optional<Integer> fresh(String key) {
    int size = situation.maxPort() - situation.minPort() + 1;
    int start = Math.floorMod(UUID.nameUUIDFromBytes(key.getBytes(UTF_8)).hashCode(), size);
    for (int step = 0; step < size; step++) {
      int port = situation.minPort() + (start + step) % size;
      if (busy.add(port)) {
        return Optional.of(port);
      }
    }
    return Optional.empty();
  }
}
