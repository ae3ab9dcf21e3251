package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Histories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens to drains and tasks, in whatever order: a storm is all that its seed says. */
class SupervisorPropertyTest {
  private static final long FIRST = 20261120;
  private static final int HISTORIES = 1_000;
  private static final Path MEMORY = Path.of("/dev/shm");

  /** Of so many, one is lived through a second time, and nobody sets the clock. */
  private static final long TWINS = 16;

  private final Histories<StormTrouble> storms =
      new Histories<>("storms", StormTrouble.class, this::live);
  private final LongAdder acts = new LongAdder();
  private final LongAdder turns = new LongAdder();
  private final LongAdder lives = new LongAdder();
  private final LongAdder signals = new LongAdder();
  private final LongAdder twins = new LongAdder();

  @Test
  void noHistoryEndsElsewhereNorGoesAnUnsafeWay() {
    storms.same(FIRST, HISTORIES);
  }

  @Test
  @Tag("bench")
  void noNewHistoryDoesEither() {
    storms.others();
  }

  @AfterEach
  void tell() {
    System.out.printf(
        "storms: %d acts, %d turns, %d lives, %d signals, %d twins%n",
        acts.sum(), turns.sum(), lives.sum(), signals.sum(), twins.sum());
  }

  private Optional<String> live(long seed, Consumer<Set<StormTrouble>> met) {
    return live(
        seed,
        StormPlant.NONE,
        history -> {
          met.accept(history.storm.met);
          count(history);
        });
  }

  private void count(StormHistory history) {
    Storm storm = history.storm;
    acts.add(history.acts());
    turns.add(storm.turns());
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
