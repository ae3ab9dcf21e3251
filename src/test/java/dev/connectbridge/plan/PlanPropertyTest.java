package dev.connectbridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.testing.FakeAgent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PlanPropertyTest {

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void onePassIsEnough(@ForAll("worlds") World world) throws AgentException {
    Observed after = done(world);

    Plan again = Plan.between(world.desired(), after, World.OWNER);

    assertThat(again.removals()).isEmpty();
    assertThat(again.changes()).isEmpty();
    assertThat(again.conflicts()).isEqualTo(world.plan().conflicts());
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void afterwardsTheAgentHoldsWhatIsDesired(@ForAll("worlds") World world) throws AgentException {
    Map<Object, Registration> before = byId(world.observed().registrations());
    Map<Object, Registration> after = byId(done(world).registrations());
    Set<Object> conflicts =
        world.plan().conflicts().stream().map(Plan.Conflict::id).collect(Collectors.toSet());

    for (Workload workload : world.desired().workloads()) {
      Registration wanted = workload.registration();
      if (!conflicts.contains(wanted.id()) && !isKept(world, wanted, before.get(wanted.id()))) {
        assertThat(after.get(wanted.id())).isEqualTo(allowed(wanted, before.get(wanted.id())));
      }
    }
  }

  /** A sidecar goes only where it is known that nobody wants it. */
  private static boolean isKept(World world, Registration wanted, Registration before) {
    boolean known =
        world.desired().complete() && !world.desired().frozen().contains(wanted.marks().source());
    return !known && before != null && before.sidecar().isPresent() && wanted.sidecar().isEmpty();
  }

  /** The catalog may have other tags, where the spec lets it and has not changed since. */
  private static Registration allowed(Registration wanted, Registration before) {
    boolean sameSpec = before != null && before.marks().hash().equals(wanted.marks().hash());
    Registration held = wanted.asHeld();
    return wanted.enableTagOverride() && sameSpec ? held.withTags(before.tags()) : held;
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatThePlanSaysItWillComeToIsWhatItComesTo(@ForAll("worlds") World world)
      throws AgentException {
    assertThat(sorted(world.plan().appliedTo(world.observed()))).isEqualTo(sorted(done(world)));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsNoLongerWantedGoesWhereEverythingIsKnown(@ForAll("worlds") World world)
      throws AgentException {
    if (!world.desired().complete() || !world.desired().frozen().isEmpty()) {
      return;
    }
    Set<Object> wanted = ids(world);

    Observed after = done(world);

    assertThat(after.registrations())
        .filteredOn(held -> held.marks().owner().equals(World.OWNER))
        .allMatch(held -> wanted.contains(held.id()));
    assertThat(after.orphans()).noneMatch(orphan -> orphan.marks().owner().equals(World.OWNER));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void agreementNeedsNothing(@ForAll("worlds") World world) {
    List<Registration> agreed =
        world.desired().workloads().stream()
            .map(workload -> workload.registration().asHeld())
            .toList();
    Observed observed = new Observed(agreed, List.of(), List.of());

    assertThat(Plan.between(world.desired(), observed, World.OWNER)).isEqualTo(Plan.NOTHING);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void strangersAndOtherOwnersAreLeftAlone(@ForAll("worlds") World world) throws AgentException {
    Plan plan = world.plan();
    Observed before = world.observed();
    Observed after = done(world);

    Set<String> touched = new TreeSet<>();
    plan.removals().forEach(removal -> touched.addAll(removal.ids()));
    plan.changes().forEach(change -> touched.add(change.wanted().id().value()));
    plan.changes().forEach(change -> touched.add(change.wanted().id().sidecar()));
    before.foreign().forEach(foreign -> assertThat(touched).doesNotContain(foreign.id()));
    assertThat(after.foreign()).isEqualTo(before.foreign());
    assertThat(others(after.registrations())).isEqualTo(others(before.registrations()));
    assertThat(after.orphans()).containsAll(othersOrphans(before.orphans()));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsUnknownIsNotRemoved(@ForAll("worlds") World world) {
    List<Removal> removals = world.plan().removals();

    if (!world.desired().complete()) {
      assertThat(removals).isEmpty();
    }
    assertThat(removals)
        .noneMatch(removal -> world.desired().frozen().contains(removal.marks().source()));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void stoppingIsDesiringNothing(@ForAll("worlds") World world) throws AgentException {
    World stopped = new World(dev.connectbridge.resolve.Desired.NOTHING, world.observed());

    Observed after = done(stopped);

    assertThat(after.registrations()).isEqualTo(others(world.observed().registrations()));
    assertThat(after.orphans()).isEqualTo(othersOrphans(world.observed().orphans()));
    assertThat(after.foreign()).isEqualTo(world.observed().foreign());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void theOrderOfTheInputDoesNotMatter(@ForAll("worlds") World world, @ForAll long seed) {
    assertThat(world.shuffled(seed).plan()).isEqualTo(world.plan());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aSidecarGoesBeforeItsService(@ForAll("worlds") World world) {
    for (Removal removal : world.plan().removals()) {
      if (removal.ids().size() > 1) {
        assertThat(removal.ids().get(0)).isEqualTo(removal.ids().get(1) + "-sidecar-proxy");
      }
    }
  }

  @Provide
  Arbitrary<World> worlds() {
    return World.any();
  }

  /** Does what the plan says, step by step, at an agent that behaves like Consul. */
  private static Observed done(World world) throws AgentException {
    FakeAgent agent = new FakeAgent().hold(world.observed());
    for (Removal removal : world.plan().removals()) {
      for (String id : removal.ids()) {
        agent.deregister(id);
      }
    }
    for (Change change : world.plan().changes()) {
      if (change.dropsSidecar()) {
        agent.deregister(change.wanted().id().sidecar());
      }
      agent.register(change.wanted());
      for (String check : change.vanishedChecks()) {
        agent.deregisterCheck(check);
      }
    }
    return agent.holds();
  }

  private static Set<Object> ids(World world) {
    return world.desired().workloads().stream()
        .map(workload -> workload.registration().id())
        .collect(Collectors.toSet());
  }

  private static Map<Object, Registration> byId(Collection<Registration> registrations) {
    return registrations.stream().collect(Collectors.toMap(Registration::id, Function.identity()));
  }

  private static List<Registration> others(List<Registration> registrations) {
    return registrations.stream()
        .filter(held -> !held.marks().owner().equals(World.OWNER))
        .toList();
  }

  private static List<Orphan> othersOrphans(List<Orphan> orphans) {
    return orphans.stream().filter(held -> !held.marks().owner().equals(World.OWNER)).toList();
  }

  private static Observed sorted(Observed observed) {
    return new FakeAgent().hold(observed).holds();
  }
}
