package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.supervise.Departures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares both sides, with what only matters here: what leaves, and gateways' entries. */
final class Comparison {
  private final AgentApi agent;
  private final String owner;
  private final Optional<Departures> departures;

  Comparison(AgentApi agent, String owner, Optional<Departures> departures) {
    this.agent = agent;
    this.owner = owner;
    this.departures = departures;
  }

  /** Returns the difference; what is on its way out is not wanted until it is gone. */
  View of(Observed observed, Desired wanted) throws AgentException {
    Desired desired = staying(wanted);
    Observed all = observed.withEntries(entries(desired));
    return new View(all, desired, Plan.between(desired, all, owner), Optional.empty());
  }

  /** Returns the same with what the guard keeps, and without the removal of it. */
  View keeping(View view, Desired kept, Optional<Withheld> withheld) {
    if (withheld.isEmpty()) {
      return view;
    }
    Desired desired = staying(kept);
    Plan plan = Plan.between(desired, view.observed(), owner).without(withheld.get());
    return new View(view.observed(), desired, plan, withheld);
  }

  private Desired staying(Desired wanted) {
    return departures
        .map(
            leaving ->
                wanted.withWorkloads(
                    wanted.workloads().stream()
                        .filter(workload -> !leaving.isLeaving(workload.registration().id()))
                        .toList()))
        .orElse(wanted);
  }

  /** An entry that may not be read counts as missing: then writing it fails, and says why. */
  private List<HeldEntry> entries(Desired desired) throws AgentException {
    List<HeldEntry> held = new ArrayList<>();
    for (ConfigEntry entry : desired.entries()) {
      try {
        agent.configEntry(entry.kind(), entry.name()).ifPresent(held::add);
      } catch (AgentException e) {
        if (e.kind() != Kind.FORBIDDEN) {
          throw e;
        }
      }
    }
    return held;
  }
}
