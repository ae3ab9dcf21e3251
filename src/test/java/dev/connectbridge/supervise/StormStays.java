package dev.connectbridge.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From when until when Consul knew an ID, at the agent or in the catalog. */
final class StormStays {
  private final Map<String, Duration> since = new HashMap<>();
  private final Map<String, List<Stay>> over = new HashMap<>();

  /** A time in which an ID was known; it ends when it was first seen not to be. */
  private record Stay(Duration from, Duration until) {
    /** Receipts tell milliseconds. */
    private boolean holds(Duration moment) {
      return from.compareTo(moment) < 0 && until.compareTo(moment.plusMillis(1)) >= 0;
    }
  }

  /** These are known now, and no others. */
  void known(Set<String> ids, Duration now) {
    ids.forEach(id -> since.putIfAbsent(id, now));
    since
        .entrySet()
        .removeIf(
            one -> {
              boolean gone = !ids.contains(one.getKey());
              if (gone) {
                over.computeIfAbsent(one.getKey(), any -> new ArrayList<>())
                    .add(new Stay(one.getValue(), now));
              }
              return gone;
            });
  }

  /** Returns since when an ID had been known at a moment, if it was. */
  Optional<Duration> at(String id, Duration moment) {
    Optional<Duration> still =
        Optional.ofNullable(since.get(id)).filter(from -> from.compareTo(moment) < 0);
    return still.or(
        () ->
            over.getOrDefault(id, List.of()).stream()
                .filter(stay -> stay.holds(moment))
                .map(Stay::from)
                .findFirst());
  }
}
