package dev.connectbridge.reconcile;

import dev.connectbridge.consul.Pauses;
import dev.connectbridge.reconcile.Outcome.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * When to pass again: the only place that decides it. An agent that is away is asked often, so that
 * everything is back soon after it is; one that answers with errors is left in peace longer. What
 * the agent refuses for good waits for the resync, and {@link Parking} keeps it from being written
 * then. Each pause is any time up to one that grows, so that many bridges do not come at once.
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

  Backoff() {
    this(() -> ThreadLocalRandom.current().nextDouble());
  }

  Backoff(DoubleSupplier chance) {
    this.chance = chance;
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
    attempts++;
    return Optional.of((away ? AWAY : FAILING).after(attempts, chance.getAsDouble()));
  }
}
