package dev.connectbridge.control;

import java.time.Duration;

/** A clock that only goes forward. */
interface Ticker {
  /** The machine's. */
  Ticker SYSTEM = () -> Duration.ofNanos(System.nanoTime());

  /** Returns how long it has run, from wherever it began. */
  Duration now();
}
