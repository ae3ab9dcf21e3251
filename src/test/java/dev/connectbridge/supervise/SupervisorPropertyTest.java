package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.QuietLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens to drains and tasks, in whatever order: a storm is all that its seed says. */
class SupervisorPropertyTest {
  /** The same in every build, so that it is red by what was changed and not by chance. */
  private static final long FIRST = 20261120;

  private static final int HISTORIES = 1_000;
  private static final int BENCH_HISTORIES = 1_000_000;
  private static final Optional<Long> REPLAY = Optional.ofNullable(Long.getLong("history.seed"));
  private static final Path MEMORY = Path.of("/dev/shm");

  /** So many at a time: then it is told how far it has come. */
  private static final long PORTION = 5_000;

  /** With fewer, a trouble may be rare by chance. */
  private static final long ENOUGH = 200;

  /** Of so many, one is lived through a second time, and nobody sets the clock. */
  private static final long TWINS = 8;

  private final Map<StormTrouble, LongAdder> met = new EnumMap<>(StormTrouble.class);
  private final Queue<Long> wrong = new ConcurrentLinkedQueue<>();
  private final LongAdder steps = new LongAdder();
  private final LongAdder lives = new LongAdder();
  private final LongAdder signals = new LongAdder();
  private final LongAdder twins = new LongAdder();

  @Test
  void noHistoryEndsElsewhereNorGoesAnUnsafeWay() {
    if (REPLAY.isPresent()) {
      live(REPLAY.get(), StormPlant.NONE).ifPresent(System.out::println);
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
    System.out.println("storms: the new ones begin with seed " + first);
    all(first, Long.getLong("history.count", bench ? BENCH_HISTORIES : ENOUGH));
  }

  private void all(long first, long count) {
    for (StormTrouble trouble : StormTrouble.values()) {
      met.put(trouble, new LongAdder());
    }
    long began = System.nanoTime();
    try (QuietLog log = new QuietLog()) {
      for (long done = 0; done < count; ) {
        long next = Math.min(count, done + PORTION);
        LongStream.range(first + done, first + next).parallel().forEach(this::one);
        done = next;
        tell(first, done, count, (System.nanoTime() - began) / 1e9);
        assertThat(wrong).as("seeds that go wrong").isEmpty();
      }
      System.out.println("storms: no token in " + log.lines() + " lines of log");
    }
    met.forEach(
        (trouble, times) -> {
          double share = 100.0 * times.sum() / count;
          System.out.printf("  %-18s in %5.1f %%%n", trouble, share);
          assertThat(share >= 5 || count < ENOUGH).as(trouble + " is not too rare").isTrue();
        });
  }

  private void tell(long first, long done, long count, double seconds) {
    System.out.printf(
        "storms: seeds %d to %d, %d of %d in %.1f s, %.0f a second; %d turns, %d lives, %d signals,"
            + " %d twins%n",
        first,
        first + done - 1,
        done,
        count,
        seconds,
        done / seconds,
        steps.sum(),
        lives.sum(),
        signals.sum(),
        twins.sum());
  }

  /** What goes wrong is told at once: the run may be ended before its portion is. */
  private void one(long seed) {
    live(seed, StormPlant.NONE, this::count)
        .ifPresent(
            why -> {
              wrong.add(seed);
              System.out.println(why);
            });
  }

  private void count(StormHistory history) {
    Storm storm = history.storm;
    storm.met.forEach(trouble -> met.get(trouble).increment());
    steps.add(storm.steps());
    lives.add(storm.lives());
    signals.add(storm.driver.history().stream().mapToInt(run -> run.signals.size()).sum());
    twins.add(hasTwin(history.seed()) && storm.clock.tellsUptime() ? 1 : 0);
  }

  private static boolean hasTwin(long seed) {
    return Math.floorMod(seed, TWINS) == 1;
  }

  /** Returns what was wrong with a history, if anything. */
  static Optional<String> live(long seed, StormPlant plant) {
    return live(seed, plant, history -> {});
  }

  private static Optional<String> live(long seed, StormPlant plant, Consumer<StormHistory> lived) {
    return seen(
        seed,
        true,
        plant,
        history -> {
          lived.accept(history);
          if (hasTwin(seed) && history.storm.clock.tellsUptime()) {
            List<String> seen = history.seen();
            seen(seed, false, plant, twin -> assertThat(seen).as("I15").isEqualTo(twin.seen()))
                .ifPresent(
                    why -> {
                      throw new AssertionError("with a clock that nobody sets: " + why);
                    });
          }
        });
  }

  private static Optional<String> seen(
      long seed, boolean isClockSet, StormPlant plant, Consumer<StormHistory> lived) {
    Path data = directory();
    try {
      StormHistory history = new StormHistory(data, seed, isClockSet, plant);
      try {
        history.happen();
        lived.accept(history);
        return Optional.empty();
      } catch (AssertionError | RuntimeException e) {
        String at = e.getStackTrace().length == 0 ? "" : " " + e.getStackTrace()[0];
        return Optional.of(e + at + "\nseed " + seed + "\n" + history.told());
      }
    } finally {
      delete(data);
    }
  }

  private static Path directory() {
    try {
      return Files.isWritable(MEMORY)
          ? Files.createTempDirectory(MEMORY, "storm")
          : Files.createTempDirectory("storm");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path tree) {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
