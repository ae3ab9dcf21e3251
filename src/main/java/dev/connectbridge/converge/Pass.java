package dev.connectbridge.converge;

import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a pass saw and did.
 *
 * @param desired what was wanted
 * @param observed what the agent held before anything was written
 * @param plan what was to be done
 * @param behind why what was to be written was not, by the ID of its service
 * @param left what is otherwise than it is wanted, and stays so, by the ID of its service
 * @param leaving which entries are on their way out, or held back
 * @param at when it was over
 * @param next when the next pass tries again what failed; empty when nothing did
 * @param later before when what the agent has refused is not tried again, by the ID of its service
 */
public record Pass(
    Desired desired,
    Observed observed,
    Plan plan,
    SortedMap<ServiceId, String> behind,
    SortedMap<ServiceId, Left> left,
    Predicate<ServiceId> leaving,
    Instant at,
    Optional<Instant> next,
    SortedMap<ServiceId, Instant> later) {
  public Pass {
    behind = Collections.unmodifiableSortedMap(new TreeMap<>(behind));
    left = Collections.unmodifiableSortedMap(new TreeMap<>(left));
    later = Collections.unmodifiableSortedMap(new TreeMap<>(later));
  }

  /**
   * A change that is not made, so that no two write against each other.
   *
   * @param change what would have made it as it is wanted
   * @param why why it is not made, in words
   */
  public record Left(Change change, String why) {}

  /** Returns when an entry is tried again; empty when nothing is to be tried. */
  Optional<Instant> next(ServiceId id) {
    return Optional.ofNullable(later.get(id)).or(() -> next);
  }

  /** Returns what the agent held under an ID before anything was written. */
  Optional<Registration> held(ServiceId id) {
    return plan.changes().stream()
        .filter(change -> change.wanted().id().equals(id))
        .findFirst()
        .flatMap(Change::held);
  }
}
