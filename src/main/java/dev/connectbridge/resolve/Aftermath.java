package dev.connectbridge.resolve;

import dev.connectbridge.spec.JobSpec.Glimpse;
import dev.connectbridge.spec.Problem;

/** What may seem wrong with a job only because not all of it could be read. */
final class Aftermath {
  private final Glimpse glimpse;

  Aftermath(Glimpse glimpse) {
    this.glimpse = glimpse;
  }

  /** Returns whether a problem is with something that is not known anyway. */
  boolean mayExplain(Problem problem) {
    String path = problem.path();
    return glimpse.values().stream().anyMatch(each -> holds(each, path))
        || glimpse.regions().stream().anyMatch(each -> holds(each, path));
  }

  private static boolean holds(String around, String path) {
    return path.startsWith(around)
        && (path.length() == around.length() || ".[".indexOf(path.charAt(around.length())) >= 0);
  }
}
