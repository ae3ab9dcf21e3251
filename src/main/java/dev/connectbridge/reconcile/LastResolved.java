package dev.connectbridge.reconcile;

import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Snapshot;

/**
 * What the last snapshot came to. Resolving is a function of snapshot and situation, so that it is
 * not done again at rest, when neither has changed.
 */
final class LastResolved {
  private Snapshot snapshot;
  private Situation situation;
  private Desired desired;

  Desired of(Snapshot now, Situation here) {
    if (desired == null || !now.equals(snapshot) || !here.equals(situation)) {
      desired = Resolver.resolve(now, here);
      snapshot = now;
      situation = here;
    }
    return desired;
  }
}
