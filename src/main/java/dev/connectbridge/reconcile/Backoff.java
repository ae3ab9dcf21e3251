package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.reconcile.Outcome.Failure;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Optional;

/**
 * When to try again: the only place that decides it. An agent that is away is asked often, so that
 * everything is back soon after it is; one that answers with errors is left in peace longer. What
 * the agent refuses for good waits for the resync.
 */
final class Backoff {
  private final IntervalFunction away =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofMillis(50), 1.6, 0.5, Duration.ofMillis(700));
  private final IntervalFunction failing =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofMillis(500), 2.0, 0.5, Duration.ofSeconds(30));
  private int attempts;

  /** Returns how long to wait; empty when there is nothing that trying again soon could mend. */
  Optional<Duration> after(Outcome outcome) {
    boolean unreachable = false;
    boolean retryable = false;
    for (Failure failure : outcome.failures()) {
      unreachable |= failure.error().kind() == Kind.UNREACHABLE;
      retryable |= failure.error().kind().retryable();
    }
    if (!retryable) {
      attempts = 0;
      return Optional.empty();
    }
    attempts = Math.min(attempts + 1, 30);
    return Optional.of(Duration.ofMillis((unreachable ? away : failing).apply(attempts)));
  }
}
