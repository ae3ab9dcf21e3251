package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.EntryChange;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.reconcile.Parking.Step;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.supervise.Departures;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a plan says, entry by entry; what the agent refuses keeps no other back. */
final class Execution {
  private static final Logger log = LoggerFactory.getLogger(Execution.class);

  private final AgentApi agent;
  private final Optional<Departures> departures;
  private final Optional<Parking> parking;
  private final Runnable away;

  /** Creates one; {@code away} is told when the agent has gone. */
  Execution(
      AgentApi agent, Optional<Departures> departures, Optional<Parking> parking, Runnable away) {
    this.agent = agent;
    this.departures = departures;
    this.parking = parking;
    this.away = away;
  }

  /** Returns whether something is parked that another token is for now. */
  boolean isFreed() {
    return parking.filter(Parking::isFreed).isPresent();
  }

  /** Returns how long what was refused is not tried again, by its ID. */
  Map<String, Duration> parked() {
    return parking.map(Parking::left).orElse(Map.of());
  }

  /** Returns in how long there should be a pass for what was refused, by its ID. */
  Map<String, Duration> due() {
    return parking.map(Parking::due).orElse(Map.of());
  }

  /** Returns which of these are not tried in this pass, since they were refused lately. */
  Set<String> waiting(Collection<Change> changes) {
    return parking.map(parked -> parked.waiting(changes)).orElse(Set.of());
  }

  /** Does what a plan says, until it is not to go on. */
  void apply(Plan plan, List<Failure> failures, BooleanSupplier goOn) {
    departures
        .filter(leaving -> !plan.removals().isEmpty())
        .ifPresent(leaving -> leaving.leave(plan.removals()));
    for (Removal removal : departures.isPresent() ? List.<Removal>of() : plan.removals()) {
      if (!goOn.getAsBoolean() || !attempt(removal.ids().get(0), failures, () -> remove(removal))) {
        return;
      }
    }
    parking.ifPresent(parked -> parked.keep(plan));
    for (EntryChange entry : plan.entries()) {
      if (!goOn.getAsBoolean()
          || !write(entry.wanted().id(), entry.wanted(), failures, () -> write(entry))) {
        return;
      }
    }
    for (Change change : plan.changes()) {
      String id = change.wanted().id().value();
      if (!goOn.getAsBoolean()
          || !write(id, change.wanted(), failures, () -> writeUnlessLeaving(change))) {
        return;
      }
    }
  }

  private boolean write(String id, Object wanted, List<Failure> failures, Step step) {
    return attempt(
        id,
        failures,
        parking.<Step>map(parked -> () -> parked.step(id, wanted, step)).orElse(step));
  }

  private void remove(Removal removal) throws AgentException {
    save(removal.name(), removal.ids());
    for (String id : removal.ids()) {
      agent.deregister(id);
    }
    log.info("deregistered {} from {}", removal.ids(), removal.marks().source());
  }

  /** Whoever wrote these, with whatever token, may be long gone. */
  private void save(String name, List<String> ids) throws AgentException {
    agent.save(name, ids, mark -> false);
  }

  private void writeUnlessLeaving(Change change) throws AgentException {
    if (departures.isEmpty()) {
      write(change);
    } else if (departures.get().mayWrite(change.wanted().id())) {
      boolean done = false;
      try {
        write(change);
        done = true;
      } finally {
        departures.get().wrote(change.wanted().id(), done);
      }
    }
  }

  private void write(EntryChange entry) throws AgentException {
    agent.write(entry.wanted(), entry.held().map(HeldEntry::index).orElse(0L));
    log.info("wrote {} from {}", entry.wanted().id(), entry.wanted().source());
  }

  /** Writing again keeps checks and a sidecar that are no longer said, so they are ended by ID. */
  private void write(Change change) throws AgentException {
    if (change.dropsSidecar()) {
      String sidecar = change.wanted().id().sidecar();
      save(change.wanted().name(), List.of(sidecar));
      agent.deregister(sidecar);
    }
    agent.register(change.wanted());
    for (String check : change.vanishedChecks()) {
      agent.deregisterCheck(check);
    }
    log.info("registered {} from {}", change.wanted().id(), change.wanted().marks().source());
  }

  /** Returns whether it makes sense to go on with the other entries. */
  private boolean attempt(String id, List<Failure> failures, Step step) {
    try {
      step.run();
      return true;
    } catch (AgentException e) {
      failures.add(new Failure(id, e));
      if (e.kind() == Kind.UNREACHABLE) {
        away.run();
      }
      return !e.kind().endsPass();
    }
  }
}
