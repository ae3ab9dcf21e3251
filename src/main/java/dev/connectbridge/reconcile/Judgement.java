package dev.connectbridge.reconcile;

import static java.util.stream.Collectors.toSet;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.reconcile.Guard.Doubt;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.reconcile.Sight.Seen;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.supervise.Departures;
import dev.connectbridge.supervise.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** From what is seen and what is wanted to what is done: the difference, as far as it is safe. */
final class Judgement {
  private final AgentApi agent;
  private final String owner;
  private final NodeFacts node;
  private final Optional<Departures> departures;
  private final EntryLooks entries;
  private final Comparison comparison;
  private final Guard guard;
  private final Sight sight;
  private final Drifts drifts;
  private final Words words;

  /** Creates one; {@code lasting} is whether what could not be learnt is left for some passes. */
  Judgement(
      AgentApi agent,
      Settings settings,
      NodeFacts node,
      Memory memory,
      Optional<Departures> departures,
      Ticker ticker,
      boolean lasting) {
    this.agent = agent;
    this.owner = settings.owner();
    this.node = node;
    this.departures = departures;
    this.entries = new EntryLooks(agent, ticker, lasting);
    this.comparison = new Comparison(entries, node, settings.owner(), departures);
    LastInstances last = new LastInstances(agent, node, settings.keepLastInstance());
    this.guard = new Guard(settings.owner(), settings.consent(), departures, last);
    this.sight = new Sight(agent, settings.owner(), ticker);
    this.drifts = new Drifts(settings.drift(), ticker);
    this.words = new Words(agent, drifts, memory.ports(), memory.releases());
  }

  /**
   * What a pass does.
   *
   * @param view both sides and what is done
   * @param told what is wanted, as those are told who end what is not
   * @param failures what cannot be done to begin with
   */
  record Judged(View view, Desired told, List<Failure> failures) {}

  /** A pass begins. */
  void begin() {
    node.begin();
    entries.begin();
  }

  Seen look(BooleanSupplier goOn) throws AgentException {
    return sight.look(this::isExpected, goOn);
  }

  /**
   * Looks on where something would come of a look that may have been at too short a list.
   *
   * @param waiting the IDs of which nothing comes in this pass
   */
  Optional<Seen> lookOn(Seen seen, View whole, Set<String> waiting, BooleanSupplier goOn)
      throws AgentException {
    List<Removal> kept = guard.lost(whole.desired(), seen.observed());
    List<Change> changes =
        whole.plan().changes().stream()
            .filter(change -> !waiting.contains(change.wanted().id().value()))
            .toList();
    boolean removing = !whole.plan().removals().isEmpty() || !kept.isEmpty();
    if (removing && !sight.isCertain()) {
      return Optional.of(sight.lookOn(seen, goOn));
    }
    if (!sight.isAcquainted()) {
      return changes.isEmpty() && node.doubt().isEmpty()
          ? Optional.empty()
          : sight.lookOn(seen, Set.of(), node.nameNow(), goOn);
    }
    Set<String> created = sight.created(changes);
    kept.forEach(removal -> created.addAll(removal.ids()));
    return created.isEmpty() ? Optional.empty() : sight.lookOn(seen, created, node.nameNow(), goOn);
  }

  /** What is on its way out is not missed. */
  private boolean isExpected(ServiceId id) {
    return departures.filter(leaving -> leaving.isLeaving(id)).isEmpty();
  }

  /** Returns all of the difference. */
  View compare(Observed observed, Desired wanted) throws AgentException {
    return comparison.of(observed, wanted);
  }

  /** Returns what would be done, for somebody who only wants to see. */
  View view(View whole, Desired wanted, Moves moves) throws AgentException {
    View view = fenced(whole);
    return view.withPlan(drifting(view)).withWithheld(judged(view, wanted, node.doubt(), moves));
  }

  private Optional<Withheld> judged(View view, Desired wanted, Optional<Doubt> doubt, Moves moves) {
    return guard.judge(view.plan().removals(), wanted, view.observed(), doubt, moves);
  }

  Judged judge(Seen seen, View whole, Desired wanted, Consent consent, Moves moves)
      throws AgentException {
    boolean removing = guard.isAsked(whole.plan().removals());
    if (!whole.plan().removals().isEmpty()) {
      node.askAgain(); // what was granted of one agent is not of the next
    }
    Hidden hidden = sight.hidden(seen, whole, removing);
    Optional<Doubt> doubt = doubt(hidden);
    Optional<Withheld> withheld = guard.decide(judged(whole, wanted, doubt, moves), doubt, consent);
    if (guard.isConsented()) {
      node.accept();
    }
    Desired kept = guard.keeping(wanted, withheld);
    View certain = certain(comparison.keeping(whole, kept, withheld), seen, hidden);
    View view = heeding(certain, doubt.isEmpty() || guard.isConsented());
    guard.remember(kept, view.plan().removals());
    List<Failure> failures = new ArrayList<>(hidden.failures(view.desired(), seen.missing()));
    failures.addAll(view.unread());
    return new Judged(view, guard.sparing(kept, withheld), failures);
  }

  /** Leaves out what rests on the absence of something that may be there. */
  private View certain(View view, Seen seen, Hidden hidden) throws AgentException {
    Plan plan = view.plan();
    return view.withPlan(
        plan.withRemovals(sight.certain(plan.removals()))
            .withChanges(
                plan.changes().stream()
                    .filter(change -> !hidden.isHidden(change.wanted(), seen.missing()))
                    .toList()));
  }

  private Optional<Doubt> doubt(Hidden hidden) {
    Optional<Doubt> elsewhere = node.doubt();
    return hidden
        .doubt()
        .map(doubt -> elsewhere.isPresent() ? doubt.atAnother() : doubt)
        .or(() -> elsewhere);
  }

  /** What is given up leaves no sidecar alone, unless nothing may be removed. */
  private View heeding(View view, boolean removing) throws AgentException {
    View heeded = words.heed(view);
    Plan plan = drifting(heeded);
    Set<ServiceId> abandoned = drifts.abandoned();
    List<Removal> removals = new ArrayList<>(plan.removals());
    removals.addAll(removing ? left(abandoned, heeded) : List.of());
    List<Workload> there =
        heeded.desired().workloads().stream()
            .filter(one -> !abandoned.contains(one.registration().id()))
            .toList();
    return fenced(
        heeded
            .withDesired(heeded.desired().withWorkloads(there))
            .withPlan(plan.withRemovals(removals)));
  }

  private Plan drifting(View view) throws AgentException {
    return drifts.judge(view.plan(), view.observed().idsOfOthers(owner), node.known().keeps());
  }

  /** What a newer writer has written is left to it, whatever was said of it. */
  private View fenced(View view) {
    return view.withPlan(view.plan().fenced(view.observed(), owner, agent.heeds()));
  }

  /** A sidecar of ours would stand alone for as long as its service is not written. */
  private List<Removal> left(Set<ServiceId> abandoned, View view) throws AgentException {
    if (abandoned.isEmpty() || !view.desired().complete()) {
      return List.of();
    }
    List<Removal> left =
        sight.certain(
            view.observed().orphans().stream()
                .filter(orphan -> orphan.marks().owner().equals(owner))
                .map(orphan -> new Removal(List.of(orphan.id()), orphan.name(), orphan.marks()))
                .filter(removal -> abandoned.contains(removal.service()))
                .toList());
    if (!left.isEmpty()) {
      node.askAgain(); // it is no part of what was judged
    }
    return node.doubt().isEmpty() ? left : List.of();
  }

  /** Remembers a pass, and what stands there after it. */
  void remember(Outcome outcome, Collection<Registration> held) {
    sight.remember(
        Stream.concat(unsure(outcome).stream(), held.stream()).toList(),
        contested(outcome),
        outcome.gone());
    if (outcome.failures().stream().anyMatch(one -> one.error().kind() == Kind.OUTDATED)) {
      sight.mistrust();
    }
    drifts.remember(outcome);
    words.remember(List.copyOf(held));
  }

  private static List<Registration> contested(Outcome outcome) {
    Set<String> ids =
        outcome.plan().conflicts().stream().map(one -> one.id().value()).collect(toSet());
    return wanted(outcome, ids);
  }

  /** A write without an answer may have been done, and may have been taken over since. */
  private static List<Registration> unsure(Outcome outcome) {
    return wanted(
        outcome,
        outcome.failures().stream()
            .filter(failure -> failure.error().kind() == Kind.TIMEOUT)
            .map(Failure::id)
            .collect(toSet()));
  }

  private static List<Registration> wanted(Outcome outcome, Set<String> ids) {
    return outcome.desired().workloads().stream()
        .map(Workload::registration)
        .filter(one -> ids.contains(one.id().value()))
        .toList();
  }

  /** The agent went away. */
  void lose() {
    sight.lose();
    drifts.lose();
  }

  /** The agent is another one since the last pass, and has nothing of ours. */
  void startAnew() {
    drifts.lose();
  }

  /** Returns what may go while the agent cannot be seen. */
  List<Removal> unseen(List<Removal> gone, Desired wanted, Moves moves) {
    List<Removal> allowed =
        guard.unseen(
            gone.stream().filter(one -> !words.isReleased(one.service())).toList(),
            wanted,
            node.doubt(),
            moves);
    if (guard.isConsented()) {
      node.accept();
    }
    return allowed;
  }

  /** Returns who hears what people say about single entries. */
  Words words() {
    return words;
  }

  /** Returns who knows what others did to our entries. */
  Drifts drifts() {
    return drifts;
  }

  /** Returns who keeps a mistake from taking everything away. */
  Guard guard() {
    return guard;
  }
}
