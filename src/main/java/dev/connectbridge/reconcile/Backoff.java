package dev.connectbridge.reconcile;

import dev.connectbridge.consul.Pauses;
import dev.connectbridge.reconcile.Outcome.Failure;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * When to pass again: the only place that decides it. An agent that is away is asked often, so that
 * everything is back soon after it is; one that cannot be read though it answers is left in peace
 * longer. What it would not take has a time of its own for each item, which {@link Parking} says:
 * how often one fails says nothing about another. Each pause is any time up to one that grows, so
 * that many bridges do not come at once.
 */
final class Backoff {
  /** Shorter ones would only find what the last pass found. */
  private static final Duration SHORTEST = Duration.ofMillis(10);

  private static final Pauses AWAY =
      Pauses.upTo(Duration.ofMillis(50), 1.6, Duration.ofMillis(700)).from(SHORTEST);

  static final Pauses FAILING =
      Pauses.upTo(Duration.ofMillis(500), 2, Duration.ofSeconds(30)).from(SHORTEST);

  private final DoubleSupplier chance;
  private int attempts;

  Backoff(DoubleSupplier chance) {
    this.chance = chance;
  }

  /**
   * Returns how long to wait; empty when there is nothing that trying again soon could mend.
   *
   * @param due in how long there should be a pass for an item that was parked, by its ID
   */
  Optional<Duration> after(Outcome outcome, Map<String, Duration> due) {
    boolean whole = outcome.isSeen() && !outcome.isCutOff();
    boolean failing = false;
    Optional<Duration> soonest = Optional.empty();
    for (Failure failure : outcome.failures()) {
      Optional<Duration> own = Optional.ofNullable(due.get(failure.id())).filter(any -> whole);
      failing |= own.isEmpty() && failure.error().kind().retryable();
      soonest = earlier(soonest, own);
    }
    attempts = failing ? attempts + 1 : 0;
    return failing ? earlier(soonest, Optional.of(pause(outcome.isCutOff()))) : soonest;
  }

  private Duration pause(boolean away) {
    return (away ? AWAY : FAILING).after(attempts, chance.getAsDouble());
  }

  private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
    return Stream.of(one, other).flatMap(Optional::stream).min(Comparator.naturalOrder());
  }
}
