package dev.connectbridge.testing;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Many histories, each of them all that its seed says. Those that go wrong are told with their
 * seeds, and of all it is told how often they met which trouble.
 *
 * @param <T> the troubles
 */
public final class Histories<T extends Enum<T>> {
  private static final Optional<Long> REPLAY = Optional.ofNullable(Long.getLong("history.seed"));
  private static final int BENCH = 1_000_000;

  /** So many at a time: then it is told how far it has come. */
  private static final long PORTION = 5_000;

  /** With fewer, a trouble may be rare by chance. */
  private static final long ENOUGH = 200;

  private static final double SHARE = 5;

  private final String name;
  private final Life<T> life;
  private final Map<T, LongAdder> met;
  private final Queue<Long> wrong = new ConcurrentLinkedQueue<>();

  /**
   * Creates them.
   *
   * @param name what they are called, in the plural
   * @param troubles the kinds of troubles there are
   */
  public Histories(String name, Class<T> troubles, Life<T> life) {
    this.name = name;
    this.life = life;
    this.met = new EnumMap<>(troubles);
    for (T trouble : troubles.getEnumConstants()) {
      met.put(trouble, new LongAdder());
    }
  }

  /** How a history is lived through. */
  @FunctionalInterface
  public interface Life<T> {
    /**
     * Returns what was wrong with it, if anything.
     *
     * @param met is told what troubles it met
     */
    Optional<String> of(long seed, Consumer<Set<T>> met);
  }

  /** Lives through the same in every build, so that it is red by what was changed; or one again. */
  public void same(long first, long count) {
    if (REPLAY.isPresent()) {
      again(REPLAY.get());
    } else {
      all(first, count);
    }
  }

  private void again(long seed) {
    Optional<String> wrong = life.of(seed, any -> {});
    wrong.ifPresent(System.out::println);
    if (wrong.isPresent()) {
      throw new AssertionError("this seed goes wrong: " + seed);
    }
  }

  /**
   * Lives through others each time; a few in the build, so that it cannot rot. {@code
   * history.first} and {@code history.count} say which, so that many can be lived through in
   * several runs.
   */
  public void others() {
    boolean bench = Integer.getInteger("bench.rounds", 1) > 1;
    long first = Long.getLong("history.first", new Random().nextLong() >>> 8);
    System.out.println(name + ": the new ones begin with seed " + first);
    all(first, Long.getLong("history.count", bench ? BENCH : ENOUGH));
  }

  private void all(long first, long count) {
    long began = System.nanoTime();
    try (QuietLog log = new QuietLog()) {
      for (long done = 0; done < count; ) {
        long next = Math.min(count, done + PORTION);
        LongStream.range(first + done, first + next).parallel().forEach(this::one);
        done = next;
        tell(first, done, count, (System.nanoTime() - began) / 1e9);
        if (!wrong.isEmpty()) {
          throw new AssertionError("these seeds go wrong: " + wrong);
        }
      }
      System.out.println(name + ": no token in " + log.lines() + " lines of log");
    }
    met.forEach((trouble, times) -> tell(trouble, 100.0 * times.sum() / count, count));
  }

  private void tell(long first, long done, long count, double seconds) {
    System.out.printf(
        "%s: seeds %d to %d, %d of %d in %.1f s, %.0f a second%n",
        name, first, first + done - 1, done, count, seconds, done / seconds);
  }

  private void tell(T trouble, double share, long count) {
    System.out.printf("  %-18s in %5.1f %%%n", trouble, share);
    if (share < SHARE && count >= ENOUGH) {
      throw new AssertionError(trouble + " is too rare");
    }
  }

  /** What goes wrong is told at once: the run may be ended before its portion is. */
  private void one(long seed) {
    life.of(seed, troubles -> troubles.forEach(trouble -> met.get(trouble).increment()))
        .ifPresent(
            why -> {
              wrong.add(seed);
              System.out.println(why);
            });
  }

  /**
   * A history that tells of a fault.
   *
   * @param seed which it is
   * @param by the first line of what it tells
   */
  public record Found(long seed, String by) {}

  /**
   * Looks for the first history that tells of a planted fault.
   *
   * @param plant the fault
   * @param life lives through the history of a seed, and returns what was wrong with it
   * @return which it is, and what it tells
   * @throws AssertionError when a thousand pass over it
   */
  public static Found find(Enum<?> plant, LongFunction<Optional<String>> life) {
    for (long seed = 0; seed < 1_000; seed++) {
      Optional<String> found = life.apply(seed);
      if (found.isPresent()) {
        String by = found.get().lines().findFirst().orElse("").replaceAll(" dev\\..*", "");
        System.out.printf("planted: %-22s found in history %3d by %s%n", plant, seed + 1, by);
        return new Found(seed, by);
      }
    }
    throw new AssertionError("a thousand histories pass over " + plant);
  }
}
