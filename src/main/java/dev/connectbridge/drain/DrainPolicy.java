package dev.connectbridge.drain;

import java.time.Duration;
import java.util.Optional;

/**
 * What an operator decides about drains: a value.
 *
 * @param floor how long a proof is waited for although the delays are shorter
 * @param hold how long, from the request on, an unproven drain may keep its tasks from being
 *     signalled; empty signals them as soon as the delays and the floor are over
 * @param criticalFirst whether the sidecar is made critical before it is deregistered
 */
public record DrainPolicy(Duration floor, Optional<Duration> hold, boolean criticalFirst) {
  /** Two seconds, then signal. */
  public static final DrainPolicy DEFAULT =
      new DrainPolicy(Duration.ofSeconds(2), Optional.empty(), false);
}
