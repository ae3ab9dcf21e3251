package dev.connectbridge.plan;

import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.testing.AnyRegistration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * What one owner wants, and what an agent holds that others use as well.
 *
 * @param desired what the owner wants
 * @param observed what the agent holds
 */
record World(Desired desired, Observed observed) {
  static final String OWNER = "default";
  private static final String OTHER = "other";
  private static final int PLACES = 4;
  private static final int POOL = 60;

  /** What stands at one ID. */
  private enum Held {
    NOTHING,
    AS_WANTED,
    RETAGGED,
    OURS,
    ANOTHER_OWNERS,
    FOREIGN,
    FOREIGN_SIDECAR,
    OUR_ORPHAN,
    ANOTHER_OWNERS_ORPHAN
  }

  /** One ID, as it is wanted and as it is held. */
  private record Place(
      Optional<Registration> wanted, Held kind, Registration ours, Registration of) {
    ServiceId id() {
      return ours.id();
    }

    List<Registration> registrations() {
      return switch (kind) {
        case AS_WANTED -> List.of(wanted.orElse(ours).asHeld());
        case RETAGGED -> List.of(wanted.orElse(ours).withTags(List.of("catalog")).asHeld());
        case OURS -> List.of(ours.asHeld());
        case ANOTHER_OWNERS -> List.of(of.asHeld());
        default -> List.of();
      };
    }

    /** Where the orphan may not be removed, its service adopts it, and a second pass drops it. */
    boolean isAdopted() {
      return kind == Held.OUR_ORPHAN
          && wanted.filter(registration -> registration.sidecar().isEmpty()).isPresent();
    }

    List<Orphan> orphans() {
      return switch (kind) {
        case OUR_ORPHAN -> List.of(orphan(ours.marks()));
        case ANOTHER_OWNERS_ORPHAN -> List.of(orphan(of.marks()));
        default -> List.of();
      };
    }

    private Orphan orphan(Marks marks) {
      return new Orphan(id().sidecar(), "web-sidecar-proxy", 20009, marks);
    }

    List<Foreign> foreign() {
      return switch (kind) {
        case FOREIGN -> List.of(new Foreign(id().value(), "web", 80));
        case FOREIGN_SIDECAR -> List.of(new Foreign(id().sidecar(), "web-sidecar-proxy", 81));
        default -> List.of();
      };
    }
  }

  private static final Arbitrary<World> ANY = make();

  static Arbitrary<World> any() {
    return ANY;
  }

  private static Arbitrary<World> make() {
    List<Arbitrary<Place>> places = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      ServiceId id = AnyRegistration.id(i);
      places.add(
          Combinators.combine(
                  pool(id, OWNER).optional(0.7),
                  Arbitraries.of(Held.class),
                  pool(id, OWNER),
                  pool(id, OTHER))
              .as(Place::new));
    }
    Arbitrary<Boolean> complete = Arbitraries.of(true, true, true, false);
    Arbitrary<Set<String>> frozen = Arbitraries.of(AnyRegistration.SOURCES).set().ofMaxSize(2);
    return Combinators.combine(Combinators.combine(places).as(all -> all), complete, frozen)
        .as(World::of);
  }

  /** A few dozen are as good as all, and made once. */
  private static Arbitrary<Registration> pool(ServiceId id, String owner) {
    var generator = AnyRegistration.of(id, owner).generator(1000);
    Random random = new Random(id.hashCode() + owner.length());
    return Arbitraries.of(
        Stream.generate(() -> generator.next(random).value()).limit(POOL).toList());
  }

  private static World of(List<Place> places, boolean complete, Set<String> frozen) {
    List<Workload> wanted =
        places.stream()
            .flatMap(place -> place.wanted().stream())
            .map(registration -> new Workload(registration, Optional.empty(), Duration.ZERO))
            .toList();
    return new World(
        new Desired(wanted, complete, new TreeSet<>(frozen), List.of(), List.of(), new TreeMap<>()),
        new Observed(
            places.stream().flatMap(place -> place.registrations().stream()).toList(),
            places.stream()
                .filter(place -> !(place.isAdopted() && (!complete || !frozen.isEmpty())))
                .flatMap(place -> place.orphans().stream())
                .toList(),
            places.stream().flatMap(place -> place.foreign().stream()).toList()));
  }

  Plan plan() {
    return Plan.between(desired, observed, OWNER);
  }

  World shuffled(long seed) {
    return new World(
        desired.withWorkloads(mixed(desired.workloads(), seed)),
        new Observed(
            mixed(observed.registrations(), seed),
            mixed(observed.orphans(), seed),
            mixed(observed.foreign(), seed)));
  }

  private static <T> List<T> mixed(List<T> list, long seed) {
    List<T> mixed = new ArrayList<>(list);
    Collections.shuffle(mixed, new Random(seed));
    return mixed;
  }
}
