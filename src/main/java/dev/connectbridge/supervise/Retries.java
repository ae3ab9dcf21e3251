package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.Pauses;
import java.time.Duration;

/**
 * When a drain tries again what the agent did not do: by what went wrong, at any moment up to a
 * pause that grows, so that many do not come at once. While a deadline is ahead no pause takes more
 * than half of what is left: what works again in time is used in time. For one thread.
 */
final class Retries {
  /** It will be back, or it may have been done: looking costs little. */
  private static final Pauses SOON =
      Pauses.upTo(Duration.ofMillis(50), 1.6, Duration.ofMillis(700));

  private static final Pauses FAILING =
      Pauses.upTo(Duration.ofMillis(100), 2.0, Duration.ofSeconds(5));

  /** Somebody has to do something about it. */
  private static final Pauses REFUSED =
      Pauses.upTo(Duration.ofSeconds(1), 2.0, Duration.ofSeconds(10));

  /** What comes sooner finds what was found before. */
  private static final long SHORTEST = 20;

  private Duration next;
  private int tries;
  private boolean unsure;

  /** Begins with a first try at a moment. */
  Retries(Duration first) {
    next = first;
  }

  /** Returns when the next try may be. */
  Duration next() {
    return next;
  }

  /** Returns whether the last try may have been done after all. */
  boolean isUnsure() {
    return unsure;
  }

  /** Begins anew. */
  void begin(Duration first) {
    next = first;
    tries = 0;
    unsure = false;
  }

  /** A try came to nothing. */
  void failed(Kind kind, Ticker ticker, Duration deadline) {
    Duration now = ticker.now();
    tries++;
    unsure = kind == Kind.TIMEOUT;
    next = now.plus(pause(kind, tries, ticker.chance(), deadline.minus(now)));
  }

  /**
   * Returns how long to wait.
   *
   * @param kind what went wrong
   * @param tries how often in a row, from 1
   * @param chance from 0 to 1
   * @param left the time until the deadline; none when it has passed
   */
  static Duration pause(Kind kind, int tries, double chance, Duration left) {
    long whole = by(kind).longest(tries).toMillis();
    long pause = by(kind).after(tries, chance).toMillis();
    long most = left.isNegative() || left.isZero() ? whole : left.toMillis() / 2;
    return Duration.ofMillis(Math.max(SHORTEST, Math.min(pause, most)));
  }

  private static Pauses by(Kind kind) {
    return switch (kind) {
      case UNREACHABLE, NOT_SENT, TIMEOUT -> SOON;
      case OVERLOADED, BROKEN, GARBLED -> FAILING;
      case FORBIDDEN, REFUSED, OUTDATED -> REFUSED;
    };
  }
}
