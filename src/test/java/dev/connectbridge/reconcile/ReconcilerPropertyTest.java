package dev.connectbridge.reconcile;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens, in whatever order: a history is all that its seed says. */
class ReconcilerPropertyTest {
  /** The same in every build, so that it is red by what was changed and not by chance. */
  private static final long FIRST = 20261121;

  private static final int HISTORIES = 10_000;
  private static final Optional<Long> REPLAY = Optional.ofNullable(Long.getLong("history.seed"));

  @Test
  void noHistoryEndsElsewhereNorGoesAnUnsafeWay() {
    if (REPLAY.isPresent()) {
      live(REPLAY.get(), Plant.NONE).ifPresent(System.out::println);
    } else {
      all(LongStream.range(FIRST, FIRST + HISTORIES));
    }
  }

  /** Others each time; a few in the build, so that it cannot rot. */
  @Test
  @Tag("bench")
  void noNewHistoryDoesEither() {
    boolean bench = Integer.getInteger("bench.rounds", 1) > 1;
    long first = new Random().nextLong() >>> 8;
    System.out.println("histories: the new ones begin with seed " + first);
    all(LongStream.range(first, first + (bench ? 1_000_000 : 200)));
  }

  private static void all(LongStream seeds) {
    Map<Trouble, LongAdder> met = new EnumMap<>(Trouble.class);
    for (Trouble trouble : Trouble.values()) {
      met.put(trouble, new LongAdder());
    }
    LongAdder count = new LongAdder();
    long began = System.nanoTime();
    try (QuietLog log = new QuietLog()) {
      seeds
          .parallel()
          .forEach(
              seed -> {
                Tale tale = new Tale(seed, Plant.NONE);
                lives(tale)
                    .ifPresent(
                        wrong -> {
                          throw new AssertionError(wrong + "\nseed " + seed + "\n" + tale.told());
                        });
                tale.met.forEach(trouble -> met.get(trouble).increment());
                count.increment();
              });
      System.out.println("histories: no token in " + log.lines() + " lines of log");
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "histories: %d of %d steps in %.1f s, %.0f a second%n",
        count.sum(), Tale.STEPS, seconds, count.sum() / seconds);
    met.forEach(
        (trouble, times) -> {
          double share = 100.0 * times.sum() / count.sum();
          System.out.printf("  %-18s in %5.1f %%%n", trouble, share);
          Witness.must(share >= 5, trouble + " is too rare");
        });
  }

  /** Returns what was wrong with a history, if anything. */
  static Optional<String> live(long seed, Plant plant) {
    Tale tale = new Tale(seed, plant);
    return lives(tale).map(wrong -> wrong + "\n" + tale.told());
  }

  private static Optional<String> lives(Tale tale) {
    try {
      tale.happen();
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      return Optional.of(
          e.toString() + (e.getStackTrace().length == 0 ? "" : " " + e.getStackTrace()[0]));
    }
  }
}
