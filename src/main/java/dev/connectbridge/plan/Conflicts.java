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
  private final Map<String, Other> others;

  /** Who holds it, as far as that is known. */
  private record Other(Optional<Marks> marks, String as) {
    static Other of(Marks marks) {
      return new Other(Optional.of(marks), "");
    }
  }

  private Conflicts(Map<String, Other> others) {
    this.others = others;
  }

  static Conflicts in(Observed observed, String owner) {
    Map<String, Other> others = new TreeMap<>();
    observed
        .foreign()
        .forEach(
            foreign ->
                others.put(
                    foreign.id(),
                    new Other(
                        Optional.empty(),
                        " as \"%s\" at port %d".formatted(foreign.name(), foreign.port()))));
    observed.registrations().stream()
        .filter(registration -> !registration.marks().owner().equals(owner))
        .forEach(
            registration -> others.put(registration.id().value(), Other.of(registration.marks())));
    observed.orphans().stream()
        .filter(orphan -> !orphan.marks().owner().equals(owner))
        .forEach(orphan -> others.put(orphan.id(), Other.of(orphan.marks())));
    return new Conflicts(others);
  }

  /** Returns who is in the way of what is wanted. */
  Optional<Conflict> with(Registration want, Optional<Registration> held) {
    return taken(want.id()).or(() -> sidecar(want, held));
  }

  private Optional<Conflict> taken(ServiceId id) {
    for (String taken : List.of(id.value(), id.sidecar())) {
      if (others.containsKey(taken)) {
        Other other = others.get(taken);
        return Optional.of(new Conflict(id, taken, other.marks(), other.as(), 0));
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
                    Optional.of(marks).filter(any -> !any.owner().isEmpty()),
                    "",
                    0));
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
