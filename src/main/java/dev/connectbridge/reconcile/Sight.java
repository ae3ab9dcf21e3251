package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.reconcile.Guard.Doubt;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.supervise.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
  private final SortedMap<ServiceId, String> known = new TreeMap<>();
  private final SortedMap<ServiceId, String> unseen = new TreeMap<>();
  private boolean lost;

  Sight(AgentApi agent, String owner, Ticker ticker) {
    this.agent = agent;
    this.owner = owner;
    this.ticker = ticker;
  }

  /**
   * What was seen.
   *
   * @param observed what the agent holds
   * @param missing what it held before and does not hold now, with the services' names
   */
  record Seen(Observed observed, SortedMap<ServiceId, String> missing) {}

  /**
   * Looks.
   *
   * @param expected tells of what was there before whether it should still be
   * @param goOn ends the patience
   * @throws AgentException when the agent cannot be read, or contradicts itself
   */
  Seen look(Predicate<ServiceId> expected, BooleanSupplier goOn) throws AgentException {
    known.keySet().removeIf(expected.negate());
    Observed seen = agent.observe();
    SortedMap<ServiceId, String> missing = missing(seen);
    if (missing.isEmpty() || lost) {
      lost = false;
      return new Seen(seen, missing);
    }
    int same = 0;
    for (int looks = 0; same < LOOKS.size() && goOn.getAsBoolean(); looks++) {
      if (looks == MOST_LOOKS) {
        throw doubtful("lists something else each time");
      }
      ticker.pause(LOOKS.get(same));
      seen = agent.observe();
      SortedMap<ServiceId, String> now = missing(seen);
      if (now.isEmpty()) {
        log.info("the agent's list was short for a moment; nothing is missing");
        return new Seen(seen, now);
      }
      same = now.equals(missing) ? same + 1 : 0;
      missing = now;
    }
    ask(missing.firstKey());
    return new Seen(seen, missing);
  }

  private SortedMap<ServiceId, String> missing(Observed observed) {
    SortedMap<ServiceId, String> missing = new TreeMap<>(known);
    observed.registrations().forEach(held -> missing.remove(held.id()));
    observed.foreign().stream()
        .map(entry -> entry.id())
        .filter(ServiceId::looksOurs)
        .forEach(id -> missing.remove(new ServiceId(id)));
    return missing;
  }

  /** An entry that may not be read is a matter of rights, which are asked for all at once. */
  private void ask(ServiceId id) throws AgentException {
    try {
      if (agent.holds(id.value())) {
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

  /** Remembers what stands there after a pass; what may not be seen may stand there, too. */
  void remember(Stream<Registration> held) {
    known.clear();
    known.putAll(unseen);
    held.forEach(one -> known.put(one.id(), one.name()));
  }

  /** The agent went away: what it does not list when it is back is lost. */
  void lose() {
    lost = true;
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
    try {
      Hidden hidden = new Hidden(agent.hidden(names), Optional.empty());
      seen.missing()
          .forEach(
              (id, name) -> {
                if (hidden.hides(name)) {
                  unseen.put(id, name);
                }
              });
      return hidden;
    } catch (AgentException e) {
      if (e.kind() == Kind.UNREACHABLE) {
        throw e;
      }
      return new Hidden(
          Set.of(), seen.observed().filtered() ? Optional.of(e.getMessage()) : Optional.empty());
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

  /**
   * What a token may not see of ours.
   *
   * @param services the names of the services
   * @param unasked why the list is known to be cut, and it could not be learnt where
   */
  record Hidden(Set<String> services, Optional<String> unasked) {
    static final Hidden NOTHING = new Hidden(Set.of(), Optional.empty());

    /** Returns why nothing may be removed, if so. */
    Optional<Doubt> doubt() {
      if (services.isEmpty()) {
        return unasked.map(
            why ->
                new Doubt(
                    "the agent's list is cut by ACLs, and where could not be asked: " + why,
                    "it is asked again at the next pass",
                    false));
      }
      return Optional.of(
          new Doubt(
              "the token may not see %s, so nobody knows what is there"
                  .formatted(String.join(", ", services)),
              "give it service:read there",
              false));
    }

    /** Returns that what is hidden is not written: it may be there. */
    List<Failure> failures(Desired desired, Map<ServiceId, String> missing) {
      List<Failure> failures = new ArrayList<>();
      desired.workloads().stream()
          .map(Workload::registration)
          .filter(one -> isHidden(one, missing))
          .map(one -> new Failure(one.id().value(), unseen(one.name())))
          .forEach(failures::add);
      return failures;
    }

    private static AgentException unseen(String name) {
      return new AgentException(
          Kind.FORBIDDEN,
          "whether it is there may not be seen: the token lacks service:read on \"%s\""
              .formatted(name),
          null);
    }

    /** Returns whether an entry may be there though it is not listed. */
    boolean isHidden(Registration wanted, Map<ServiceId, String> missing) {
      return missing.containsKey(wanted.id()) && hides(wanted.name());
    }

    private boolean hides(String name) {
      return services.contains(name) || services.contains(name + ServiceId.SIDECAR_SUFFIX);
    }
  }
}
