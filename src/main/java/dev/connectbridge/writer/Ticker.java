package dev.connectbridge.writer;

import java.time.Duration;

/** A clock that only ever goes forward. */
@FunctionalInterface
interface Ticker {
  /** The clock of this machine. */
  Ticker SYSTEM = () -> Duration.ofNanos(System.nanoTime());

  /** Returns the time since some fixed moment. */
  Duration now();
}
