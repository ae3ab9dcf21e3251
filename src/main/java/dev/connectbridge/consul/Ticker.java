package dev.connectbridge.consul;

import java.time.Duration;

/** The time that only moves forward; tells how long a blocked query has waited. */
@FunctionalInterface
interface Ticker {

  /** The machine's own. */
  Ticker MONOTONIC = () -> Duration.ofNanos(System.nanoTime());

  Duration now();
}
