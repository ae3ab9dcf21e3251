package dev.connectbridge.plan;

import dev.connectbridge.plan.Plan.Conflict;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What stands under IDs and is not this owner's. */
final class Conflicts {
  private final Map<String, Optional<Marks>> others;

  private Conflicts(Map<String, Optional<Marks>> others) {
    this.others = others;
  }

  static Conflicts in(Observed observed, String owner) {
    Map<String, Optional<Marks>> others = new TreeMap<>();
    observed.foreign().forEach(foreign -> others.put(foreign.id(), Optional.empty()));
    observed.registrations().stream()
        .filter(registration -> !registration.marks().owner().equals(owner))
        .forEach(
            registration ->
                others.put(registration.id().value(), Optional.of(registration.marks())));
    observed.orphans().stream()
        .filter(orphan -> !orphan.marks().owner().equals(owner))
        .forEach(orphan -> others.put(orphan.id(), Optional.of(orphan.marks())));
    return new Conflicts(others);
  }

  /** Returns who is in the way of what is wanted. */
  Optional<Conflict> with(Registration want, Optional<Registration> held) {
    return taken(want.id()).or(() -> sidecar(want, held));
  }

  private Optional<Conflict> taken(ServiceId id) {
    for (String taken : List.of(id.value(), id.sidecar())) {
      if (others.containsKey(taken)) {
        return Optional.of(new Conflict(id, taken, others.get(taken)));
      }
    }
    return Optional.empty();
  }

  /** To write a service writes its sidecar as well, so one that is not ours is in the way. */
  private static Optional<Conflict> sidecar(Registration want, Optional<Registration> held) {
    return held.flatMap(Conflicts::othersSidecar)
        .filter(marks -> want.sidecar().isPresent())
        .map(
            marks ->
                new Conflict(
                    want.id(),
                    want.id().sidecar(),
                    Optional.of(marks).filter(any -> !any.owner().isEmpty())));
  }

  private static Optional<Marks> othersSidecar(Registration held) {
    return held.sidecar()
        .map(Registration.Sidecar::marks)
        .filter(marks -> !marks.owner().equals(held.marks().owner()));
  }

  static Registration withoutOthersSidecar(Registration held) {
    return othersSidecar(held).isPresent() ? held.withoutSidecar() : held;
  }
}
