package dev.connectbridge.reconcile;

import java.time.Duration;

/** The only clock: monotonic, from an origin that means nothing. */
@FunctionalInterface
interface Ticker {
  /** The clock of this machine. */
  Ticker SYSTEM = () -> Duration.ofNanos(System.nanoTime());

  /** Returns the time now. */
  Duration now();
}
