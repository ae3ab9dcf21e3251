package dev.connectbridge.reconcile;

import static java.util.stream.Collectors.toSet;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.EntryLooks.Looked;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.supervise.Departures;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares both sides, with what only matters here: what leaves, and gateways' entries. */
final class Comparison {
  private final EntryLooks entries;
  private final NodeFacts node;
  private final String owner;
  private final Optional<Departures> departures;

  Comparison(EntryLooks entries, NodeFacts node, String owner, Optional<Departures> departures) {
    this.entries = entries;
    this.node = node;
    this.owner = owner;
    this.departures = departures;
  }

  /** Returns the difference; what is on its way out is not wanted until it is gone. */
  View of(Observed observed, Desired wanted) throws AgentException {
    Desired desired = staying(wanted);
    Looked looked = entries.look(desired.entries());
    Observed all = observed.withEntries(looked.held());
    return new View(
        all,
        desired,
        between(desired, all, looked.failures()),
        Optional.empty(),
        looked.failures(),
        node.identity());
  }

  /** Returns the same with what the guard keeps, and without the removal of it. */
  View keeping(View view, Desired kept, Optional<Withheld> withheld) {
    if (withheld.isEmpty()) {
      return view;
    }
    Desired desired = staying(kept);
    Plan plan = between(desired, view.observed(), view.unread()).without(withheld.get());
    return view.withDesired(desired).withPlan(plan).withWithheld(withheld);
  }

  /** What could not be read may be there as it is wanted, or be somebody else's. */
  private Plan between(Desired desired, Observed observed, List<Failure> unread) {
    Set<String> ids = unread.stream().map(Failure::id).collect(toSet());
    return Plan.between(desired, observed, owner).withoutEntries(ids);
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
}
