package dev.connectbridge.reconcile;

import static java.util.stream.Collectors.toSet;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.EntryChange;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.reconcile.Parking.Step;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Departures;
import dev.connectbridge.supervise.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn: look at both sides, compare, act, account. What it remembers from turn to turn is the
 * last good state of each file, the ports it gave, and who the agent is. Not safe for use by
 * several threads.
 */
public final class Reconciler {
  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  private final AgentApi agent;
  private final Settings settings;
  private final PortMemory ports;
  private final NodeFacts node;
  private final Optional<Departures> departures;
  private final Optional<Parking> parking;
  private final LastGood lastGood = new LastGood();
  private final LastHeld lastHeld = new LastHeld();
  private final Comparison comparison;
  private final Guard guard;

  /**
   * Creates one that removes at once what nobody wants; the listening ports are asked for at each
   * look.
   */
  public Reconciler(AgentApi agent, Settings settings, PortMemory ports) {
    this(agent, settings, ports, Optional.empty(), Optional.empty());
  }

  /**
   * Creates one for pass after pass: it hands over what nobody wants, if there is somebody to take
   * it, and writes what the agent refused no sooner than it may have changed its mind.
   *
   * @param ticker the clock that this is told by
   */
  public Reconciler(
      AgentApi agent,
      Settings settings,
      PortMemory ports,
      Optional<Departures> departures,
      Ticker ticker) {
    this(agent, settings, ports, departures, Optional.of(new Parking(agent, ticker)));
  }

  private Reconciler(
      AgentApi agent,
      Settings settings,
      PortMemory ports,
      Optional<Departures> departures,
      Optional<Parking> parking) {
    this.departures = departures;
    this.parking = parking;
    this.agent = agent;
    this.settings = settings;
    this.ports = ports;
    this.node = new NodeFacts(agent, settings.node());
    this.comparison = new Comparison(agent, settings.owner(), departures);
    this.guard = new Guard(settings.owner(), settings.consent(), departures);
  }

  /**
   * Compares, and changes nothing.
   *
   * @throws AgentException when the agent cannot be read
   */
  public View look(Snapshot snapshot) throws AgentException {
    Observed observed = agent.observe();
    Desired wanted = wanted(snapshot, situation(observed));
    View view = comparison.of(observed, wanted);
    return new View(view.observed(), view.desired(), view.plan(), judged(view, wanted));
  }

  private Optional<Withheld> judged(View view, Desired wanted) {
    return guard.judge(view.plan().removals(), wanted, view.observed(), node.doubt());
  }

  /** Returns what the last pass did not remove; for any thread. */
  public Optional<Withheld> withheld() {
    return guard.withheld();
  }

  /**
   * Lets the next pass, and it alone, remove what is withheld now; for any thread.
   *
   * @param digest tells what was seen; empty is whatever there is
   * @throws IllegalStateException when nothing is withheld, or something else than was seen
   */
  public Withheld approve(String digest) {
    return guard.approve(digest);
  }

  private Desired wanted(Snapshot snapshot, Situation situation) {
    return lastGood.fill(Resolver.resolve(snapshot, situation));
  }

  /**
   * Compares, and makes the agent hold what is wanted as far as it can be done. An entry that the
   * agent refuses is a failure and keeps no other back; an agent that is away ends the pass.
   */
  public Outcome pass(Snapshot snapshot) {
    return pass(snapshot, view -> {});
  }

  /** Does a pass, and shows what it is about to do before anything is done. */
  public Outcome pass(Snapshot snapshot, Consumer<View> before) {
    return pass(snapshot, Consent.NONE, before);
  }

  /** Does a pass with or without somebody's word that what is to go may go. */
  public Outcome pass(Snapshot snapshot, Consent consent, Consumer<View> before) {
    return pass(snapshot, consent, before, () -> true);
  }

  /** Does a pass that is left between two entries as soon as it is not to go on. */
  Outcome pass(Snapshot snapshot, Consumer<View> before, BooleanSupplier goOn) {
    return pass(snapshot, Consent.NONE, before, goOn);
  }

  private Outcome pass(
      Snapshot snapshot, Consent consent, Consumer<View> before, BooleanSupplier goOn) {
    try {
      departures.ifPresent(Departures::looks);
      Observed observed = agent.observe();
      Situation situation = situation(observed);
      Desired wanted = wanted(snapshot, situation);
      View whole = comparison.of(observed, wanted);
      Optional<Withheld> withheld = guard.decide(judged(whole, wanted), consent);
      if (guard.isConsented()) {
        node.accept();
      }
      Desired kept = guard.keeping(wanted, withheld);
      View view = comparison.keeping(whole, kept, withheld);
      before.accept(view);
      ports.keep(view.desired());
      List<Failure> failures = new ArrayList<>();
      guard.remember(kept, view.plan().removals());
      apply(view.plan(), failures, goOn);
      Outcome outcome = new Outcome(view.desired(), view.plan(), failures, withheld);
      departures.ifPresent(
          leaving -> leaving.see(guard.sparing(kept, withheld), outcome.held().collect(toSet())));
      lastHeld.remember(situation, outcome);
      return outcome;
    } catch (AgentException e) {
      departures.ifPresent(leaving -> leaveUnseen(leaving, snapshot));
      return unseen(e);
    }
  }

  private void leaveUnseen(Departures leaving, Snapshot snapshot) {
    List<Removal> gone = lastHeld.letGo(snapshot, guard::unseen);
    if (!gone.isEmpty()) {
      leaving.leave(gone);
    }
  }

  /** Removes everything of this owner; to stop is to desire nothing. */
  public Outcome drain() {
    return drain(() -> true);
  }

  /** Drains until it is not to go on. */
  Outcome drain(BooleanSupplier goOn) {
    try {
      departures.ifPresent(Departures::looks);
      Plan plan = Plan.between(Desired.NOTHING, agent.observe(), settings.owner());
      List<Failure> failures = new ArrayList<>();
      apply(plan, failures, goOn);
      return new Outcome(Desired.NOTHING, plan, failures, Optional.empty());
    } catch (AgentException e) {
      return unseen(e);
    }
  }

  private Outcome unseen(AgentException e) {
    node.forget();
    return new Outcome(
        Desired.NOTHING, Plan.NOTHING, List.of(new Failure("", e)), guard.withheld());
  }

  private Situation situation(Observed observed) throws AgentException {
    NodeFacts.Known known = node.known();
    if (observed.isWithout(settings.owner())) {
      node.accept();
    }
    var listening = ports.listening();
    var taken = new TreeSet<>(listening);
    taken.addAll(observed.portsOfOthers(settings.owner()));
    for (int port = known.sidecarMinPort(); port > 0 && port <= known.sidecarMaxPort(); port++) {
      taken.add(port);
    }
    var remembered = ports.remembered();
    remembered.putAll(observed.rememberedPorts(settings.owner()));
    return new Situation(
        settings.owner(),
        known.node(),
        settings.minPort(),
        settings.maxPort(),
        taken,
        remembered,
        settings.choices(),
        true,
        Optional.of(Surroundings.of(known.version(), listening, observed, settings.owner())));
  }

  private void apply(Plan plan, List<Failure> failures, BooleanSupplier goOn) {
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
    for (String id : removal.ids()) {
      agent.deregister(id);
    }
    log.info("deregistered {} from {}", removal.ids(), removal.marks().source());
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
      agent.deregister(change.wanted().id().sidecar());
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
        node.forget();
      }
      return !e.kind().endsPass();
    }
  }
}
