package dev.connectbridge.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** How long it took each time until all was well again. */
final class Recoveries {
  private final List<Recovery> all = new ArrayList<>();

  /** One round's: what had happened, and how long ago its last fault began and all was quiet. */
  private record Recovery(String what, Duration sinceFault, Duration sinceQuiet) {}

  /** Adds one that is over now; the moments are of System.nanoTime. */
  void add(String what, long faulted, long quiet) {
    long now = System.nanoTime();
    all.add(new Recovery(what, Duration.ofNanos(now - faulted), Duration.ofNanos(now - quiet)));
  }

  String report() {
    return "%d recoveries: since the last fault began %s; since faults and edits were over %s"
        .formatted(all.size(), of(Recovery::sinceFault), of(Recovery::sinceQuiet));
  }

  private String of(Function<Recovery, Duration> time) {
    Recovery worst = all.stream().max(Comparator.comparing(time)).orElseThrow();
    double mean = all.stream().map(time).mapToLong(Duration::toMillis).average().orElseThrow();
    return "worst %d ms (%s), mean %.0f ms"
        .formatted(time.apply(worst).toMillis(), worst.what(), mean);
  }
}
