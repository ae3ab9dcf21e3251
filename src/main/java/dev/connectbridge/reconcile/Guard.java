package dev.connectbridge.reconcile;

import dev.connectbridge.plan.BlastRadius;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.supervise.Departures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a mistake from taking everything away. What it withholds stays as it was, registration and
 * task, until somebody consents or it is wanted again. For the thread that does the passes, but for
 * {@link #withheld} and {@link #approve}.
 */
final class Guard {
  private static final Logger log = LoggerFactory.getLogger(Guard.class);

  private final String owner;
  private final Consent standing;
  private final Optional<Departures> departures;
  private final LastInstances last;
  private final Map<ServiceId, Workload> before = new HashMap<>();
  private final Set<ServiceId> granted = new HashSet<>();
  private final AtomicReference<Optional<Withheld>> withheld =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Withheld>> approved =
      new AtomicReference<>(Optional.empty());
  private String told = "";
  private boolean consented;
  private final Set<String> refused = new HashSet<>();

  Guard(String owner, Consent standing, Optional<Departures> departures, LastInstances last) {
    this.last = last;
    this.owner = owner;
    this.standing = standing;
    this.departures = departures;
  }

  /** Returns what the last pass did not remove. */
  Optional<Withheld> withheld() {
    return withheld.get();
  }

  /**
   * Consents, once, to what is withheld now.
   *
   * @param digest tells what was seen; empty is whatever there is
   * @throws IllegalStateException when nothing is withheld, or something else than was seen
   */
  Withheld approve(String digest) {
    Withheld now =
        withheld.get().orElseThrow(() -> new IllegalStateException("nothing is withheld"));
    if (!now.consentable()) {
      throw new IllegalStateException("consent does not help here: " + now);
    }
    if (!digest.isEmpty() && !digest.equals(now.digest())) {
      throw new IllegalStateException(
          "by now it is something else (%s): %s".formatted(now.digest(), now));
    }
    approved.set(Optional.of(now));
    return now;
  }

  /**
   * Judges what a pass would remove.
   *
   * @param removals what it would remove by the plan
   * @param doubt why nothing at all may be removed now, if so
   * @param moves where what is gone may have gone
   */
  Optional<Withheld> judge(
      List<Removal> removals,
      Desired wanted,
      Observed observed,
      Optional<Doubt> doubt,
      Moves moves) {
    List<Removal> going = new ArrayList<>(removals);
    Set<ServiceId> there = new HashSet<>();
    removals.forEach(removal -> there.add(removal.service()));
    gone(wanted).stream().filter(removal -> there.add(removal.service())).forEach(going::add);
    going.removeIf(removal -> isSettled(removal.service(), doubt));
    List<Removal> standing = new ArrayList<>(going);
    standing.retainAll(removals);
    return judge(going, standing, wanted, groups(observed), doubt, moves);
  }

  private Optional<Withheld> judge(
      List<Removal> going,
      List<Removal> standing,
      Desired wanted,
      Set<String> held,
      Optional<Doubt> doubt,
      Moves moves) {
    if (going.isEmpty()) {
      if (wanted.complete()) {
        refused.clear();
      }
      return Optional.empty();
    }
    Set<String> still = new HashSet<>();
    wanted.workloads().forEach(workload -> still.add(workload.registration().marks().group()));
    return doubt
        .map(why -> new Withheld(going, why.why(), why.remedy(), why.consentable()))
        .or(
            () ->
                both(both(moves.judge(going), tooMuch(going, still, held)), last.judge(standing)));
  }

  /** What was too much stays so when some of it has gone by name, however few are left. */
  private Optional<Withheld> tooMuch(List<Removal> going, Set<String> still, Set<String> held) {
    refused.removeAll(still);
    BlastRadius radius = BlastRadius.of(going, still, held).afterRefusal(refused);
    Optional<Withheld> much = Withheld.of(going, radius);
    refused.clear();
    much.ifPresent(
        one -> {
          refused.addAll(radius.leaving());
          refused.addAll(radius.gone());
        });
    return much;
  }

  private static Optional<Withheld> both(Optional<Withheld> one, Optional<Withheld> other) {
    return one.map(first -> other.map(first::and).orElse(first)).or(() -> other);
  }

  /**
   * Why nothing may be removed.
   *
   * @param why in words
   * @param remedy what ends it
   * @param consentable whether somebody's word does, which says that it is the right agent
   * @param elsewhere whether the agent may be another one, whatever else is in doubt
   */
  record Doubt(String why, String remedy, boolean consentable, boolean elsewhere) {
    Doubt(String why, String remedy, boolean consentable) {
      this(why, remedy, consentable, consentable);
    }

    /** Returns the same at an agent that may be another one. */
    Doubt atAnother() {
      return new Doubt(why, remedy, consentable, true);
    }

    static Doubt of(Withheld withheld) {
      return new Doubt(withheld.why(), withheld.remedy(), withheld.consentable());
    }
  }

  /** What was wanted before and is no more, though the agent may have lost it by itself. */
  private List<Removal> gone(Desired wanted) {
    if (!wanted.complete()) {
      return List.of();
    }
    Set<ServiceId> ids = new HashSet<>();
    wanted.workloads().forEach(workload -> ids.add(workload.registration().id()));
    return before.values().stream()
        .map(Workload::registration)
        .filter(one -> !ids.contains(one.id()) && !wanted.frozen().contains(one.marks().source()))
        .map(Removal::of)
        .toList();
  }

  /** Returns what of it the agent does not list; it is written again where it is withheld. */
  List<Removal> lost(Desired wanted, Observed observed) {
    Set<ServiceId> listed = new HashSet<>();
    observed.registrations().forEach(held -> listed.add(held.id()));
    return gone(wanted).stream().filter(removal -> !listed.contains(removal.service())).toList();
  }

  /** Returns whether a pass would remove something that nobody has decided about yet. */
  boolean isAsked(List<Removal> removals) {
    return removals.stream().anyMatch(removal -> !isSettled(removal.service()));
  }

  /** What was decided about one agent's entries settles nothing about those of another. */
  private boolean isSettled(ServiceId id, Optional<Doubt> doubt) {
    return doubt.filter(Doubt::elsewhere).isEmpty() && isSettled(id);
  }

  /** What is on its way out, or may go by an earlier word, is nobody's question any more. */
  private boolean isSettled(ServiceId id) {
    return granted.contains(id) || departures.filter(leaving -> leaving.isLeaving(id)).isPresent();
  }

  private Set<String> groups(Observed observed) {
    Set<String> groups = new TreeSet<>();
    observed.registrations().stream()
        .filter(held -> held.marks().owner().equals(owner) && !isSettled(held.id()))
        .forEach(held -> groups.add(held.marks().group()));
    observed.orphans().stream()
        .filter(held -> held.marks().owner().equals(owner))
        .forEach(held -> groups.add(held.marks().group()));
    before.values().stream()
        .map(Workload::registration)
        .filter(one -> !isSettled(one.id()))
        .forEach(one -> groups.add(one.marks().group()));
    return groups;
  }

  /** Returns what of it is left, after consent; a word about one agent is none about another. */
  Optional<Withheld> decide(Optional<Withheld> judged, Optional<Doubt> doubt, Consent consent) {
    // A word is good for one pass, also where that pass finds nothing to ask for.
    Optional<String> said =
        approved
            .getAndSet(Optional.empty())
            .filter(seen -> doubt.filter(now -> !now.why().equals(seen.why())).isEmpty())
            .map(Withheld::digest);
    boolean word = said.isPresent() && judged.map(Withheld::digest).equals(said);
    boolean given = consent == Consent.GIVEN || standing == Consent.GIVEN || word;
    Optional<Withheld> left = judged.filter(one -> !(one.consentable() && given));
    consented = judged.isPresent() && left.isEmpty();
    withheld.set(left);
    tell(left);
    return left;
  }

  /** Returns whether somebody's word let something go that would have been withheld. */
  boolean isConsented() {
    return consented;
  }

  private void tell(Optional<Withheld> left) {
    String now = left.map(one -> one.digest() + one.why()).orElse("");
    if (!now.equals(told)) {
      left.ifPresentOrElse(
          one -> log.error("{}; {}{}", one, one.remedy(), way(one)),
          () -> log.info("nothing is withheld any more"));
      told = now;
    }
  }

  private static String way(Withheld one) {
    return one.consentable() ? ": connect-bridge approve " + one.digest() : "";
  }

  /** Returns what is wanted, together with what is withheld as far as it is known. */
  Desired keeping(Desired wanted, Optional<Withheld> left) {
    List<Workload> workloads = new ArrayList<>(wanted.workloads());
    Set<ServiceId> there = new HashSet<>();
    workloads.forEach(workload -> there.add(workload.registration().id()));
    left.stream()
        .flatMap(one -> one.removals().stream())
        .filter(removal -> there.add(removal.service()))
        .flatMap(removal -> Optional.ofNullable(before.get(removal.service())).stream())
        .forEach(workloads::add);
    return wanted.withWorkloads(workloads);
  }

  /** Returns the same as those are told who end the tasks of what is not wanted. */
  Desired sparing(Desired kept, Optional<Withheld> left) {
    Set<String> frozen = new TreeSet<>(kept.frozen());
    left.ifPresent(one -> one.removals().forEach(removal -> frozen.add(removal.marks().source())));
    return kept.withFrozen(frozen);
  }

  /** Remembers a pass: what it was to remove is granted until it has gone or is wanted again. */
  void remember(Desired kept, List<Removal> removals) {
    granted.clear();
    removals.forEach(removal -> granted.add(removal.service()));
    before.clear();
    kept.workloads().forEach(workload -> before.put(workload.registration().id(), workload));
  }

  /**
   * Returns what may go while the agent cannot be seen.
   *
   * @param doubt why nothing may be removed, if so; to see nothing settles no doubt of before
   */
  List<Removal> unseen(List<Removal> gone, Desired wanted, Optional<Doubt> doubt, Moves moves) {
    List<Removal> going = new ArrayList<>(gone);
    going.removeIf(removal -> isSettled(removal.service()));
    Optional<Doubt> still =
        withheld.get().filter(one -> !one.consentable()).map(Doubt::of).or(() -> doubt);
    Optional<Withheld> left =
        decide(
            judge(going, going, wanted, groups(Observed.NOTHING), still, moves),
            still,
            Consent.NONE);
    List<Removal> allowed =
        gone.stream()
            .filter(removal -> left.stream().noneMatch(one -> one.removals().contains(removal)))
            .toList();
    allowed.forEach(removal -> granted.add(removal.service()));
    allowed.forEach(removal -> before.remove(removal.service()));
    return allowed;
  }
}
