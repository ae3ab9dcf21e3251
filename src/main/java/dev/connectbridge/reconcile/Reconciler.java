package dev.connectbridge.reconcile;

import static java.util.stream.Collectors.toSet;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.OurAgent;
import dev.connectbridge.converge.Pass.Left;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Judgement.Judged;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.reconcile.Sight.Seen;
import dev.connectbridge.reconcile.Words.Word;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Departures;
import dev.connectbridge.supervise.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One turn: look at both sides, compare, act, account. What it remembers from turn to turn is the
 * last good state of each file, the ports it gave, and who the agent is. Not safe for use by
 * several threads.
 */
public final class Reconciler {
  private final AgentApi agent;
  private final Settings settings;
  private final PortMemory ports;
  private final OurAgent ours;
  private final NodeFacts node;
  private final Optional<Departures> departures;
  private final LastResolved lastResolved = new LastResolved();
  private final LastGood lastGood = new LastGood();
  private final LastHeld lastHeld = new LastHeld();
  private final Judgement judgement;
  private final Execution execution;

  /**
   * Creates one that removes at once what nobody wants; the listening ports are asked for at each
   * look.
   */
  public Reconciler(AgentApi agent, Settings settings, PortMemory ports) {
    this(agent, settings, ports, Ticker.SYSTEM);
  }

  Reconciler(AgentApi agent, Settings settings, PortMemory ports, Ticker ticker) {
    this(agent, settings, Memory.of(ports), Optional.empty(), Optional.empty(), ticker);
  }

  /** Creates one that removes at once what nobody wants, and knows what was known before. */
  public Reconciler(AgentApi agent, Settings settings, Memory memory) {
    this(agent, settings, memory, Optional.empty(), Optional.empty(), Ticker.SYSTEM);
  }

  /** Creates one for pass after pass that forgets all but ports at its end. */
  public Reconciler(
      AgentApi agent,
      Settings settings,
      PortMemory ports,
      Optional<Departures> departures,
      Ticker ticker) {
    this(agent, settings, Memory.of(ports), departures, ticker);
  }

  /**
   * Creates one for pass after pass: it hands over what nobody wants, if there is somebody to take
   * it, and writes what the agent refused no sooner than it may have changed its mind.
   *
   * @param memory what was known before
   * @param ticker the clock that this is told by, and by which it waits
   */
  public Reconciler(
      AgentApi agent,
      Settings settings,
      Memory memory,
      Optional<Departures> departures,
      Ticker ticker) {
    this(agent, settings, memory, departures, Optional.of(new Parking(agent, ticker)), ticker);
  }

  private Reconciler(
      AgentApi agent,
      Settings settings,
      Memory memory,
      Optional<Departures> departures,
      Optional<Parking> parking,
      Ticker ticker) {
    this.departures = departures;
    this.agent = agent;
    this.settings = settings;
    this.ports = memory.ports();
    this.ours = memory.agent();
    this.node = new NodeFacts(agent, settings.node(), ours);
    this.judgement =
        new Judgement(agent, settings, node, memory, departures, ticker, parking.isPresent());
    this.execution = new Execution(agent, departures, parking, this::lose);
  }

  /**
   * Compares, and changes nothing.
   *
   * @throws AgentException when the agent cannot be read
   */
  public View look(Snapshot snapshot) throws AgentException {
    Look look = look(snapshot, () -> true);
    return judgement.view(look.whole(), look.wanted(), look.moves());
  }

  /**
   * A look at both sides.
   *
   * @param whole all of the difference, whether it may be done or not
   */
  private record Look(Seen seen, Situation situation, Desired wanted, View whole, Moves moves) {}

  private Look look(Snapshot snapshot, BooleanSupplier goOn) throws AgentException {
    judgement.begin();
    Look look = compared(snapshot, judgement.look(goOn));
    Set<String> waiting = execution.waiting(look.whole().plan().changes());
    Optional<Seen> again = judgement.lookOn(look.seen(), look.whole(), waiting, goOn);
    if (again.isPresent()) {
      look = compared(snapshot, again.get());
    }
    if (isWithoutUs(look.seen().observed()) && node.accept()) {
      judgement.startAnew();
    }
    return look;
  }

  private Look compared(Snapshot snapshot, Seen seen) throws AgentException {
    Observed observed = seen.observed();
    if (isWithoutUs(observed) && !lastHeld.all().isEmpty()) {
      node.forget(); // it has lost all of it, or is another one
    }
    Situation situation = situation(observed);
    Desired wanted = wanted(snapshot, situation);
    View whole = judgement.compare(observed, wanted);
    return new Look(
        seen, situation, wanted, whole, Moves.of(snapshot, wanted, observed.registrations()));
  }

  private boolean isWithoutUs(Observed observed) {
    return observed.isWithout(settings.owner()) && !observed.filtered();
  }

  /** Returns what the last pass did not remove; for any thread. */
  public Optional<Withheld> withheld() {
    return judgement.guard().withheld();
  }

  /**
   * Lets the next pass, and it alone, remove what is withheld now; for any thread.
   *
   * @param digest tells what was seen; empty is whatever there is
   * @throws IllegalStateException when nothing is withheld, or something else than was seen
   */
  public Withheld approve(String digest) {
    return judgement.guard().approve(digest);
  }

  /** Returns the entries that others keep changing, so that they are not written; any thread. */
  public SortedMap<String, String> fights() {
    return judgement.drifts().fights();
  }

  /** Returns what the last pass left otherwise than it is wanted, and why, by ID. */
  SortedMap<ServiceId, Left> left() {
    return judgement.drifts().left();
  }

  /** Takes an entry that somebody else holds or keeps changing; done by the next pass. */
  public CompletableFuture<List<String>> adopt(String id) {
    return judgement.words().say(Word.ADOPT, id);
  }

  /** Gives the entries of a group, or one, away, and leaves them registered; by the next pass. */
  public CompletableFuture<List<String>> release(String name) {
    return judgement.words().say(Word.RELEASE, name);
  }

  /** Forgets what is remembered of an entry; done by the next pass, answered with what it was. */
  public CompletableFuture<List<String>> forget(String id) {
    return judgement.words().say(Word.FORGET, id);
  }

  private Desired wanted(Snapshot snapshot, Situation situation) {
    return lastGood.fill(lastResolved.of(snapshot, situation));
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
      judgement.words().beforeLooking();
      Look look = look(snapshot, goOn);
      Judged judged =
          judgement.judge(look.seen(), look.whole(), look.wanted(), consent, look.moves());
      View view = judged.view();
      before.accept(view);
      ours.keep();
      ports.keep(view.desired(), judgement.words().released());
      departures.ifPresent(leaving -> leaving.givenAway(judgement.words().released()));
      List<Failure> failures = new ArrayList<>(judged.failures());
      execution.apply(view.plan(), failures, goOn);
      Outcome outcome = new Outcome(view.desired(), view.plan(), failures, view.withheld());
      departures.ifPresent(leaving -> leaving.see(judged.told(), outcome.held().collect(toSet())));
      lastHeld.remember(look.situation(), outcome);
      judgement.remember(outcome, lastHeld.all());
      return outcome;
    } catch (AgentException e) {
      departures.ifPresent(leaving -> leaveUnseen(leaving, snapshot));
      return unseen(e);
    }
  }

  private void leaveUnseen(Departures leaving, Snapshot snapshot) {
    List<Removal> gone =
        lastHeld.letGo(
            snapshot,
            (all, now) -> judgement.unseen(all, now, Moves.of(snapshot, now, lastHeld.all())));
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
      Observed observed = agent.observe();
      Plan plan =
          Plan.between(Desired.NOTHING, observed, settings.owner())
              .fenced(observed, settings.owner(), agent.heeds());
      List<Failure> failures = new ArrayList<>();
      execution.apply(plan, failures, goOn);
      return new Outcome(Desired.NOTHING, plan, failures, Optional.empty());
    } catch (AgentException e) {
      return unseen(e);
    }
  }

  /** Returns whether something that was refused may be taken now, since its token is another. */
  boolean isFreed() {
    return execution.isFreed();
  }

  /** Returns how long what was refused is not tried again, by its ID. */
  Map<String, Duration> parked() {
    return execution.parked();
  }

  /** Returns in how long there should be a pass for what was refused, by its ID. */
  Map<String, Duration> due() {
    return execution.due();
  }

  private void lose() {
    node.forget();
    judgement.lose();
  }

  private Outcome unseen(AgentException e) {
    node.forget();
    if (e.kind() == Kind.UNREACHABLE) {
      judgement.lose();
    }
    return new Outcome(
        Desired.NOTHING, Plan.NOTHING, List.of(new Failure("", e)), judgement.guard().withheld());
  }

  private Situation situation(Observed observed) throws AgentException {
    NodeFacts.Known known = node.known();
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
}
