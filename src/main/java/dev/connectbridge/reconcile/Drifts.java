package dev.connectbridge.reconcile;

import dev.connectbridge.converge.Pass.Left;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Change.FieldChange;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.reconcile.Blame.Whose;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.supervise.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What somebody else did to entries of ours that are still as the specs want them. Each edit is
 * told once; whoever does it again and again is given way to, so that two do not write against each
 * other for ever. For the thread that does the passes, but for {@link #fights}.
 */
final class Drifts {
  private static final Logger log = LoggerFactory.getLogger(Drifts.class);

  private static final int MOST_NAMED = 10;

  private final Drift policy;
  private final Ticker ticker;
  private final Map<ServiceId, Registration> stood = new HashMap<>();
  private final Map<ServiceId, Registration> told = new HashMap<>();
  private final Map<ServiceId, Fight> fights = new HashMap<>();
  private final Set<String> missed = new HashSet<>();
  private final SortedMap<ServiceId, Left> left = new TreeMap<>();
  private final Blame blame = new Blame();
  private volatile SortedMap<String, String> lost = new TreeMap<>();

  Drifts(Drift policy, Ticker ticker) {
    this.policy = policy;
    this.ticker = ticker;
  }

  /** Returns the entries that are no longer written, each with what is to be known of it. */
  SortedMap<String, String> fights() {
    return Collections.unmodifiableSortedMap(lost);
  }

  /**
   * Returns the plan without the changes that are not made although something differs.
   *
   * @param others the IDs of others' entries
   * @param keeps whether the agent keeps on its disk what is registered
   */
  Plan judge(Plan plan, Set<String> others, boolean keeps) {
    List<Change> changes = new ArrayList<>();
    Whose whose = whose(plan, others, keeps);
    left.clear();
    for (Change change : plan.changes()) {
      Optional<Change> decided =
          change.held().isEmpty() ? rewritten(change, whose) : decided(change);
      decided.ifPresentOrElse(changes::add, () -> leave(change));
    }
    Plan done = plan.withChanges(changes);
    gone(done);
    lost = lost();
    return done;
  }

  /** Returns what the last plan did not make as it is wanted, and why, by ID. */
  SortedMap<ServiceId, Left> left() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(left));
  }

  /** Returns what is not written although the agent does not hold it. */
  Set<ServiceId> abandoned() {
    Set<ServiceId> abandoned = new HashSet<>();
    left.forEach(
        (id, one) -> {
          if (one.change().held().isEmpty()) {
            abandoned.add(id);
          }
        });
    return abandoned;
  }

  /** Tags that are kept are as they are wanted, and nothing else may differ then. */
  private void leave(Change change) {
    ServiceId id = change.wanted().id();
    Registration wanted =
        policy == Drift.KEEP_TAGS && change.held().isPresent()
            ? change.wanted().withTags(change.held().get().tags())
            : change.wanted();
    if (!change.held().equals(Optional.of(wanted.asHeld()))) {
      Fight fight = fights.get(id);
      String why = fight != null && fight.isEnded() ? fight.told() : "drift is report";
      left.put(id, new Left(new Change(wanted, change.held()), why));
    }
  }

  /** The agent was away, or is another one: what it lacks, nobody has removed. */
  void lose() {
    blame.excuse();
  }

  private Whose whose(Plan plan, Set<String> others, boolean keeps) {
    long gone = plan.changes().stream().filter(this::isGone).count();
    Whose whose = blame.whose(gone, stood.size(), others, keeps);
    if (whose == Whose.AGENTS) {
      fights.replaceAll((id, fight) -> fight.isEnded() ? fight : fight.withoutLosses());
      fights.values().removeIf(Fight::isNone);
    }
    return whose;
  }

  private boolean isGone(Change change) {
    return change.held().isEmpty() && stood.containsKey(change.wanted().id());
  }

  private Optional<Change> rewritten(Change change, Whose whose) {
    Fight fight = fightFor(change);
    if (isOurs(change) && whose != Whose.AGENTS && (fight == null || !fight.isEnded())) {
      Duration now = ticker.now();
      fight =
          fought(change, before -> whose == Whose.UNKNOWN ? before.lost(now) : before.removed(now));
    }
    return fight != null && fight.isEnded() ? Optional.empty() : Optional.of(change);
  }

  private Fight fightFor(Change change) {
    ServiceId id = change.wanted().id();
    Fight fight = fights.get(id);
    if (fight != null && !fight.wanted().equals(change.wanted().asHeld())) {
      fights.remove(id);
      return null;
    }
    return fight;
  }

  private Optional<Change> decided(Change change) {
    ServiceId id = change.wanted().id();
    Fight fight = fightFor(change);
    if (!isEdited(change)) {
      return Optional.of(change);
    }
    Registration held = change.held().get();
    Optional<Change> due = byPolicy(change, held);
    if (!held.equals(told.put(id, held))) {
      tell(change);
      if (isOurs(change) && due.isPresent()) {
        fight = fought(change, before -> before.edited(ticker.now()));
      }
    }
    return fight != null && fight.isEnded() ? Optional.empty() : due;
  }

  /** It differs although the specs want what they wanted when it was written. */
  private boolean isEdited(Change change) {
    return isOurs(change) || change.held().orElseThrow().marks().equals(change.wanted().marks());
  }

  /** It was seen to stand as it is wanted. */
  private boolean isOurs(Change change) {
    return change.wanted().asHeld().equals(stood.get(change.wanted().id()));
  }

  private Optional<Change> byPolicy(Change change, Registration held) {
    return switch (policy) {
      case REVERT -> Optional.of(change);
      case REPORT -> Optional.empty();
      case KEEP_TAGS -> {
        Registration kept = change.wanted().withTags(held.tags());
        yield kept.asHeld().equals(held)
            ? Optional.empty()
            : Optional.of(new Change(kept, change.held()));
      }
    };
  }

  private Fight fought(Change change, UnaryOperator<Fight> again) {
    ServiceId id = change.wanted().id();
    Fight fight = again.apply(fights.getOrDefault(id, Fight.over(change.wanted().asHeld())));
    fights.put(id, fight);
    if (fight.isEnded()) {
      log.error(
          "ALARM: {} was {}: it is not written any more until its spec changes,"
              + " or connect-bridge adopt {}",
          id,
          fight.told(),
          id);
    }
    return fight;
  }

  /** Before is what was written, after is what somebody made of it. */
  private void tell(Change change) {
    String edits =
        change.fields().stream()
            .map(FieldChange::shown)
            .map(
                field ->
                    "%s: %s -> %s"
                        .formatted(
                            field.path(),
                            field.after().orElse("(none)"),
                            field.before().orElse("(none)")))
            .collect(Collectors.joining(", "));
    log.warn(
        "{} is no longer as it was written ({}): {}",
        change.wanted().id(),
        policy == Drift.REVERT ? "reverted" : policy == Drift.REPORT ? "left so" : "tags are kept",
        edits);
  }

  private void gone(Plan plan) {
    List<String> ids =
        plan.changes().stream()
            .filter(change -> change.held().isEmpty())
            .map(change -> change.wanted().id())
            .filter(stood::containsKey)
            .map(ServiceId::value)
            .toList();
    boolean news = !missed.containsAll(ids);
    missed.clear();
    missed.addAll(ids);
    if (news) {
      int more = ids.size() - MOST_NAMED;
      log.warn(
          "gone from the agent, and written again: {}{}",
          ids.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
          more > 0 ? " and " + more + " more" : "");
    }
  }

  private SortedMap<String, String> lost() {
    SortedMap<String, String> all = new TreeMap<>();
    fights.forEach(
        (id, fight) -> {
          if (fight.isEnded()) {
            all.put(id.value(), fight.told());
          }
        });
    return all;
  }

  /** Remembers what a pass left, which was seen, or written without a failure. */
  void remember(Outcome outcome) {
    Map<ServiceId, Registration> changed = new HashMap<>();
    outcome.plan().changes().forEach(one -> changed.put(one.wanted().id(), one.wanted()));
    Set<String> failed = new HashSet<>();
    outcome.failures().forEach(failure -> failed.add(failure.id()));
    Map<ServiceId, String> behind = outcome.behind();
    stood.clear();
    outcome.desired().workloads().stream()
        .map(workload -> workload.registration())
        .filter(one -> !failed.contains(one.id().value()) && !behind.containsKey(one.id()))
        .forEach(one -> stood.put(one.id(), one.asHeld()));
    changed.keySet().forEach(told::remove);
    told.keySet().retainAll(stood.keySet());
    Set<ServiceId> abandoned = abandoned();
    fights
        .keySet()
        .removeIf(
            id ->
                outcome.desired().complete() && !stood.containsKey(id) && !abandoned.contains(id));
  }

  /** Forgets a fight; returns whether there was one. */
  boolean forget(ServiceId id) {
    told.remove(id);
    return fights.remove(id) != null;
  }
}
