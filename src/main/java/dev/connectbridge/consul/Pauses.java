package dev.connectbridge.consul;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;

/**
 * How long is waited before something is tried again: any time up to one that grows with each try,
 * up to a cap, so that many who failed at one moment do not come back at another. The only place
 * that decides it for what is asked of Consul; whose turn it is, and what went wrong, is said by
 * who waits. A value.
 */
public final class Pauses {
  /** All have come to their cap by then, and no number has overflowed. */
  private static final int MOST = 30;

  private final IntervalFunction longest;
  private final long shortest;

  private Pauses(IntervalFunction longest, long shortest) {
    this.longest = longest;
    this.shortest = shortest;
  }

  /**
   * Returns pauses of nothing up to ever more.
   *
   * @param first the longest after the first try
   * @param factor how much longer it is after each further one
   * @param cap the longest of all
   */
  public static Pauses upTo(Duration first, double factor, Duration cap) {
    return new Pauses(IntervalFunction.ofExponentialBackoff(first, factor, cap), 0);
  }

  /** Returns the same, none of which is shorter than a time. */
  public Pauses from(Duration time) {
    return new Pauses(longest, time.toMillis());
  }

  /** Returns the longest pause after so many tries in a row, from 1. */
  public Duration longest(int tries) {
    return Duration.ofMillis(longest.apply(Math.min(tries, MOST)));
  }

  /**
   * Returns one pause.
   *
   * @param tries how often in a row, from 1
   * @param chance from 0 to 1: 0 is the shortest, 1 the longest
   */
  public Duration after(int tries, double chance) {
    long span = Math.max(0, longest(tries).toMillis() - shortest);
    return Duration.ofMillis(shortest + Math.round(span * chance));
  }
}
