package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.supervise.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what the agent holds, and believes that something is gone only when it must: an agent
 * that reloads its configuration lists less for some 200 ms, and one that is asked with a weak
 * token lists what that may see. Where nothing is missing, one look is all.
 */
final class Sight {
  private static final Logger log = LoggerFactory.getLogger(Sight.class);

  /** What is missing in all of these looks is missing; a list that changes begins them anew. */
  private static final List<Duration> LOOKS =
      List.of(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(150));

  /** A list that does not come to rest in so many looks is not to be trusted. */
  private static final int MOST_LOOKS = 30;

  private final AgentApi agent;
  private final String owner;
  private final Ticker ticker;
  private final SortedMap<ServiceId, Known> known = new TreeMap<>();
  private final SortedMap<ServiceId, Known> unseen = new TreeMap<>();
  private Set<String> listed = Set.of();
  private List<Registration> last = List.of();
  private Predicate<ServiceId> expected = any -> true;
  private Trust acquainted = Trust.NONE;
  private Trust rested = Trust.NONE;

  Sight(AgentApi agent, String owner, Ticker ticker) {
    this.agent = agent;
    this.owner = owner;
    this.ticker = ticker;
  }

  /** By what a list is believed to be whole: by nothing, the servers' word, or several looks. */
  private enum Trust {
    NONE,
    SERVERS,
    LOOKS;

    Trust or(Trust other) {
      return compareTo(other) < 0 ? other : this;
    }
  }

  /**
   * What stood there.
   *
   * @param name the service's name
   * @param ids the IDs that were listed, its own and its sidecar's
   */
  private record Known(String name, Set<String> ids) {}

  /**
   * What was seen.
   *
   * @param observed what the agent holds
   * @param missing what it held before and does not hold now, or not whole, with the services'
   *     names
   */
  record Seen(Observed observed, SortedMap<ServiceId, String> missing) {
    private boolean isWhole() {
      return missing.isEmpty();
    }
  }

  /**
   * Looks.
   *
   * @param expected tells of what was there before whether it should still be
   * @param goOn ends the patience
   * @throws AgentException when the agent cannot be read, or contradicts itself
   */
  Seen look(Predicate<ServiceId> expected, BooleanSupplier goOn) throws AgentException {
    this.expected = expected;
    known.keySet().removeIf(expected.negate());
    rested = Trust.NONE;
    Seen first = look();
    if (first.isWhole()) {
      return first;
    }
    Seen seen = rest(first, one -> one.missing().keySet(), Seen::isWhole, goOn);
    if (seen.isWhole()) {
      log.info("the agent's list was short for a moment; nothing is missing");
    } else {
      ask(firstOf(seen.missing().firstKey()));
      rested = Trust.LOOKS;
    }
    return seen;
  }

  private Seen look() throws AgentException {
    Observed observed = agent.observe();
    return new Seen(observed, missing(observed));
  }

  /** Looks on until something of what is seen rests, or enough is seen. */
  private Seen rest(
      Seen first, Function<Seen, Set<?>> what, Predicate<Seen> enough, BooleanSupplier goOn)
      throws AgentException {
    Seen seen = first;
    int same = 0;
    for (int looks = 0; same < LOOKS.size() && goOn.getAsBoolean(); looks++) {
      if (looks == MOST_LOOKS) {
        throw doubtful("lists something else each time");
      }
      ticker.pause(LOOKS.get(same));
      Seen before = seen;
      seen = look();
      if (enough.test(seen)) {
        return seen;
      }
      same = what.apply(seen).equals(what.apply(before)) ? same + 1 : 0;
    }
    if (same < LOOKS.size()) {
      throw doubtful("was not looked at for long enough");
    }
    return seen;
  }

  /**
   * Returns whether a list once was whole, so that it is known what should be on the next one.
   * Whoever has just begun, has seen the agent go away or another write, does not know it.
   */
  boolean isAcquainted() {
    return trust() != Trust.NONE;
  }

  /**
   * Returns whether that list was whole by more than the word of the servers. They may be behind,
   * and what nobody lists is not removed: not the sidecar that goes before its service either.
   */
  boolean isCertain() {
    return trust() == Trust.LOOKS;
  }

  private Trust trust() {
    return acquainted.or(rested);
  }

  /**
   * Looks on until the list rests; empty where the servers do not know of more than it has.
   *
   * @param among these are asked for; all, where there are none
   */
  Optional<Seen> lookOn(Seen first, Set<String> among, String node, BooleanSupplier goOn)
      throws AgentException {
    if (agent.listsAll(node, ofUs(first), among)) {
      rested = rested.or(Trust.SERVERS);
      return Optional.empty();
    }
    return Optional.of(lookOn(first, among, goOn));
  }

  /** Looks on until the list rests, whatever the servers know. */
  Seen lookOn(Seen first, BooleanSupplier goOn) throws AgentException {
    return lookOn(first, Set.of(), goOn);
  }

  private Seen lookOn(Seen first, Set<String> among, BooleanSupplier goOn) throws AgentException {
    Seen seen = rest(first, one -> concerning(one, among), any -> false, goOn);
    rested = rested.or(among.isEmpty() ? Trust.LOOKS : Trust.SERVERS);
    return seen;
  }

  /** Returns the IDs that would be written, and under which nobody was seen, now or before. */
  Set<String> created(Collection<Change> changes) {
    Set<String> ids = new HashSet<>();
    for (Change change : changes) {
      Set<String> fresh = ids(change.wanted());
      fresh.removeAll(listed);
      Optional.ofNullable(known.get(change.wanted().id()))
          .ifPresent(one -> fresh.removeAll(one.ids()));
      ids.addAll(fresh);
    }
    return ids;
  }

  /** Returns what is to rest: what is looked for, or all of ours but for what is on its way out. */
  private Set<String> concerning(Seen seen, Set<String> among) {
    Set<String> ids = ofUs(seen);
    if (among.isEmpty()) {
      ids.removeAll(ofOthers(seen.observed()));
      ids.removeAll(leaving(seen.observed()));
    } else {
      ids.retainAll(among);
    }
    seen.missing().keySet().forEach(id -> ids.add("no " + id));
    return ids;
  }

  private Set<String> leaving(Observed observed) {
    Set<String> ids = new HashSet<>();
    observed.registrations().stream()
        .filter(held -> !expected.test(held.id()))
        .forEach(held -> ids.addAll(ids(held)));
    return ids;
  }

  private Set<String> ofOthers(Observed observed) {
    Set<String> ids = new HashSet<>();
    observed.registrations().stream()
        .filter(held -> !held.marks().owner().equals(owner))
        .forEach(held -> ids.addAll(ids(held)));
    observed.orphans().stream()
        .filter(orphan -> !orphan.marks().owner().equals(owner))
        .forEach(orphan -> ids.add(orphan.id()));
    return ids;
  }

  /** Returns the IDs that are such as ours, whosever they are. */
  private static Set<String> ofUs(Seen seen) {
    Set<String> ids = listed(seen.observed());
    ids.removeIf(id -> !ServiceId.looksOurs(id));
    return ids;
  }

  private SortedMap<ServiceId, String> missing(Observed observed) {
    listed = listed(observed);
    last = observed.registrations();
    SortedMap<ServiceId, String> missing = new TreeMap<>();
    known.forEach(
        (id, one) -> {
          if (!listed.containsAll(one.ids())) {
            missing.put(id, one.name());
          }
        });
    return missing;
  }

  private static Set<String> listed(Observed observed) {
    Set<String> ids = new HashSet<>();
    for (Registration held : observed.registrations()) {
      ids.add(held.id().value());
      held.sidecar().ifPresent(any -> ids.add(held.id().sidecar()));
    }
    observed.orphans().forEach(orphan -> ids.add(orphan.id()));
    observed.foreign().forEach(entry -> ids.add(entry.id()));
    return ids;
  }

  /** Of what is missing, its own ID, unless only its sidecar is. */
  private String firstOf(ServiceId missing) {
    boolean whole = known.get(missing).ids().contains(missing.value());
    return whole && !listed.contains(missing.value()) ? missing.value() : missing.sidecar();
  }

  /** An entry that may not be read is a matter of rights, which are asked for all at once. */
  private void ask(String id) throws AgentException {
    try {
      if (agent.holds(id)) {
        throw doubtful("does not list " + id + ", and holds it");
      }
    } catch (AgentException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
    }
  }

  private static AgentException doubtful(String what) {
    return new AgentException(Kind.GARBLED, "the agent " + what + "; nothing is done by it", null);
  }

  /**
   * Remembers what stands there after a pass; what may not be seen may stand there, too.
   *
   * @param held what of ours stands as it is wanted, or may
   * @param contested what is wanted, and somebody else holds
   * @param gone what was removed, if it could be
   */
  void remember(
      Collection<Registration> held, Collection<Registration> contested, Set<ServiceId> gone) {
    acquainted = trust();
    known.clear();
    known.putAll(unseen);
    last.stream()
        .filter(one -> one.marks().owner().equals(owner) && !gone.contains(one.id()))
        .forEach(one -> known.put(one.id(), new Known(one.name(), ids(one))));
    held.forEach(one -> known.put(one.id(), new Known(one.name(), ids(one))));
    for (Registration one : contested) {
      Set<String> theirs = ids(one);
      theirs.add(one.id().sidecar());
      theirs.retainAll(listed);
      known.put(one.id(), new Known(one.name(), theirs));
    }
  }

  private static Set<String> ids(Registration one) {
    Set<String> ids = new HashSet<>(Set.of(one.id().value()));
    one.sidecar().ifPresent(any -> ids.add(one.id().sidecar()));
    return ids;
  }

  /** Another writer of ours is at work, and nobody tells what it has written since. */
  void mistrust() {
    acquainted = Trust.NONE;
  }

  /** The agent went away: it may be another one when it is back, or in the midst of its start. */
  void lose() {
    acquainted = Trust.NONE;
    rested = Trust.NONE;
  }

  /**
   * Returns the names of services of ours that the token may not see, so that their absence says
   * nothing. Asked only when something would come of it.
   */
  Hidden hidden(Seen seen, View view, boolean removing) throws AgentException {
    unseen.clear();
    if (seen.missing().isEmpty() && !removing) {
      return Hidden.NOTHING;
    }
    SortedSet<String> names = new TreeSet<>();
    seen.missing().values().forEach(name -> add(name, names));
    view.desired().workloads().stream()
        .map(Workload::registration)
        .forEach(one -> add(one.name(), names));
    seen.observed().registrations().stream()
        .filter(held -> held.marks().owner().equals(owner))
        .forEach(held -> add(held.name(), names));
    Hidden hidden = hidden(names, seen.observed().filtered());
    seen.missing()
        .forEach(
            (id, name) -> {
              if (hidden.hides(name)) {
                unseen.put(id, known.get(id));
              }
            });
    return hidden;
  }

  /** Who lets us at the agent alone and not at that question says nothing of what is hidden. */
  private Hidden hidden(Set<String> names, boolean filtered) throws AgentException {
    try {
      return new Hidden(agent.hidden(names), Optional.empty());
    } catch (AgentException e) {
      if (e.kind() == Kind.UNREACHABLE) {
        throw e;
      }
      boolean foreign = e.kind() == Kind.GARBLED && !filtered;
      return foreign ? Hidden.NOTHING : new Hidden(Set.of(), Optional.of(e));
    }
  }

  /**
   * Returns the removals that rest on nothing but what was seen: a sidecar stands alone only where
   * the agent itself says that its service is not there.
   */
  List<Removal> certain(List<Removal> removals) throws AgentException {
    List<Removal> certain = new ArrayList<>();
    for (Removal removal : removals) {
      if (!removal.isOrphan() || isGone(removal.service())) {
        certain.add(removal);
      }
    }
    return certain;
  }

  private boolean isGone(ServiceId id) throws AgentException {
    try {
      return !agent.holds(id.value());
    } catch (AgentException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      log.warn("whether {} is there may not be seen, so its sidecar stays", id);
      return false;
    }
  }

  private static void add(String name, Collection<String> names) {
    names.add(name);
    names.add(name + ServiceId.SIDECAR_SUFFIX);
  }
}
