package dev.connectbridge.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

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

        @Override
        public double chance() {
          return ThreadLocalRandom.current().nextDouble();
        }
      };

  /** Returns the time now: monotonic, from an origin that means nothing. */
  Duration now();

  /** Lets time pass in the thread that calls; an interrupt ends it and stays set. */
  default void pause(Duration time) {
    try {
      var unused = new Semaphore(0).tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until somebody signals, and so long at most; returns whether somebody did. */
  default boolean await(Semaphore signal, Duration longest) throws InterruptedException {
    return signal.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns the time of day, for what people read and what outlives this process. */
  default Instant wall() {
    return Instant.ofEpochMilli(System.currentTimeMillis());
  }

  /** Returns how much of a pause is waited for, from 0 to 1, so that many do not come at once. */
  default double chance() {
    return 1;
  }

  /** Returns how long this machine has been up, where that is known. */
  default Optional<Moment.Machine> machine() {
    return Optional.empty();
  }
}
