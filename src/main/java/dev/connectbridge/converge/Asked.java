package dev.connectbridge.converge;

import dev.connectbridge.supervise.Readiness;
import java.util.Map;
import java.util.Set;

/**
 * Whom it was asked this time whether they are ready, and what came of it; by the names of groups.
 *
 * @param groups who was asked
 * @param near whether their proxies listen; of those who answered
 * @param far whether their upstreams are ready as well; of those whose proxies listen
 */
public record Asked(Set<String> groups, Map<String, Readiness> near, Map<String, Readiness> far) {
  /** Nobody was asked. */
  public static final Asked NOBODY = new Asked(Set.of(), Map.of(), Map.of());

  public Asked {
    groups = Set.copyOf(groups);
    near = Map.copyOf(near);
    far = Map.copyOf(far);
  }
}
