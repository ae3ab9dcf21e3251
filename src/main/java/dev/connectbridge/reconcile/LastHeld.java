package dev.connectbridge.reconcile;

import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * What stood at the agent when it could last be read. By it, what the specs let go leaves also
 * while the agent is away: its proxies are not kept until it is back.
 */
final class LastHeld {
  private final Map<ServiceId, Registration> held = new HashMap<>();
  private Optional<Situation> situation = Optional.empty();

  /** Remembers a pass that saw the agent. */
  void remember(Situation then, Outcome outcome) {
    Set<ServiceId> ids = outcome.held().collect(Collectors.toSet());
    situation = Optional.of(then);
    held.clear();
    outcome.desired().workloads().stream()
        .filter(workload -> ids.contains(workload.registration().id()))
        .forEach(workload -> held.put(workload.registration().id(), workload.registration()));
  }

  /**
   * Returns what stood there and is, for certain, not wanted any more; each of them once.
   *
   * @param guard says which of them may go
   */
  List<Removal> letGo(Snapshot snapshot, BiFunction<List<Removal>, Desired, List<Removal>> guard) {
    if (situation.isEmpty() || held.isEmpty()) {
      return List.of();
    }
    Desired now = Resolver.resolve(snapshot, situation.get());
    if (!now.complete()) {
      return List.of();
    }
    Set<ServiceId> kept = new HashSet<>();
    now.workloads().forEach(workload -> kept.add(workload.registration().id()));
    List<Removal> gone =
        held.values().stream()
            .filter(one -> !kept.contains(one.id()))
            .filter(one -> !now.frozen().contains(one.marks().source()))
            .map(Removal::of)
            .toList();
    List<Removal> allowed = guard.apply(gone, now);
    allowed.forEach(one -> held.remove(one.service()));
    return allowed;
  }
}
