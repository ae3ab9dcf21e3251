package dev.connectbridge.reconcile;

import dev.connectbridge.testing.QuietLog;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
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

  /** So many at a time: then it is told how far it has come. */
  private static final long PORTION = 5_000;

  /** With fewer, a trouble may be rare by chance. */
  private static final long ENOUGH = 200;

  private final Map<Trouble, LongAdder> met = new EnumMap<>(Trouble.class);
  private final Queue<Long> wrong = new ConcurrentLinkedQueue<>();

  @Test
  void noHistoryEndsElsewhereNorGoesAnUnsafeWay() {
    if (REPLAY.isPresent()) {
      live(REPLAY.get(), Plant.NONE).ifPresent(System.out::println);
    } else {
      all(FIRST, HISTORIES);
    }
  }

  /**
   * Others each time; a few in the build, so that it cannot rot. {@code history.first} and {@code
   * history.count} say which, so that many can be lived through in several runs.
   */
  @Test
  @Tag("bench")
  void noNewHistoryDoesEither() {
    boolean bench = Integer.getInteger("bench.rounds", 1) > 1;
    long first = Long.getLong("history.first", new Random().nextLong() >>> 8);
    System.out.println("histories: the new ones begin with seed " + first);
    all(first, Long.getLong("history.count", bench ? 1_000_000 : ENOUGH));
  }

  private void all(long first, long count) {
    for (Trouble trouble : Trouble.values()) {
      met.put(trouble, new LongAdder());
    }
    long began = System.nanoTime();
    try (QuietLog log = new QuietLog()) {
      for (long done = 0; done < count; ) {
        long next = Math.min(count, done + PORTION);
        LongStream.range(first + done, first + next).parallel().forEach(this::one);
        done = next;
        tell(first, done, count, (System.nanoTime() - began) / 1e9);
        Witness.must(wrong.isEmpty(), "these seeds go wrong: " + wrong);
      }
      System.out.println("histories: no token in " + log.lines() + " lines of log");
    }
    met.forEach(
        (trouble, times) -> {
          double share = 100.0 * times.sum() / count;
          System.out.printf("  %-18s in %5.1f %%%n", trouble, share);
          Witness.must(share >= 5 || count < ENOUGH, trouble + " is too rare");
        });
  }

  /** What goes wrong is told at once: the run may be ended before its portion is. */
  private void one(long seed) {
    Tale tale = new Tale(seed, Plant.NONE);
    lives(tale)
        .ifPresent(
            why -> {
              wrong.add(seed);
              System.out.println(why + "\nseed " + seed + "\n" + tale.told());
            });
    tale.met.forEach(trouble -> met.get(trouble).increment());
  }

  private static void tell(long first, long done, long count, double seconds) {
    System.out.printf(
        "histories: seeds %d to %d, %d of %d of %d steps in %.1f s, %.0f a second%n",
        first, first + done - 1, done, count, Tale.STEPS, seconds, done / seconds);
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
