package dev.connectbridge.reconcile;

import dev.connectbridge.reconcile.Outcome.Failure;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * When to pass again: the only place that decides it. An agent that is away is asked often, so that
 * everything is back soon after it is; one that answers with errors is left in peace longer. What
 * the agent refuses for good waits for the resync, and {@link Parking} keeps it from being written
 * then. Each pause is any time up to one that grows, so that many bridges do not come at once.
 */
final class Backoff {
  /** Shorter ones would only find what the last pass found. */
  private static final long SHORTEST_MILLIS = 10;

  private static final int MOST_ATTEMPTS = 30;

  private static final IntervalFunction AWAY =
      IntervalFunction.ofExponentialBackoff(Duration.ofMillis(50), 1.6, Duration.ofMillis(700));
  private static final IntervalFunction FAILING =
      IntervalFunction.ofExponentialBackoff(Duration.ofMillis(500), 2.0, Duration.ofSeconds(30));

  private final RandomGenerator random;
  private int attempts;

  Backoff() {
    this(new SplittableRandom());
  }

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** Returns how long to wait; empty when there is nothing that trying again soon could mend. */
  Optional<Duration> after(Outcome outcome) {
    boolean away = false;
    boolean retryable = false;
    for (Failure failure : outcome.failures()) {
      away |= failure.error().kind().endsPass();
      retryable |= failure.error().kind().retryable();
    }
    if (!retryable) {
      attempts = 0;
      return Optional.empty();
    }
    attempts = Math.min(attempts + 1, MOST_ATTEMPTS);
    long longest = (away ? AWAY : FAILING).apply(attempts);
    return Optional.of(Duration.ofMillis(random.nextLong(SHORTEST_MILLIS, longest + 1)));
  }
}
