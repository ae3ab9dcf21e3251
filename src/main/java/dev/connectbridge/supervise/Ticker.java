package dev.connectbridge.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The only clock of the loops. */
@FunctionalInterface
public interface Ticker {
  /** The clock of this machine. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public Duration now() {
          return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public Optional<Moment.Machine> machine() {
          return Moment.Machine.here();
        }
      };

  /** Returns the time now: monotonic, from an origin that means nothing. */
  Duration now();

  /** Returns the time of day, for what people read and what outlives this process. */
  default Instant wall() {
    return Instant.ofEpochMilli(System.currentTimeMillis());
  }

  /** Returns how long this machine has been up, where that is known. */
  default Optional<Moment.Machine> machine() {
    return Optional.empty();
  }
}
