package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.id;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.reconciler;
import static dev.connectbridge.reconcile.Shop.service;
import static dev.connectbridge.reconcile.Shop.some;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Departures;
import dev.connectbridge.testing.FakeAgent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuardTest {
  private final FakeAgent agent = new FakeAgent();
  private final Reconciler reconciler = reconciler(agent);

  /** Returns so many groups, each with a service, each in a file of its own. */
  private static Snapshot groups(int from, int to) {
    return all(
        IntStream.range(from, to)
            .mapToObj(i -> file("job" + i, service("s" + i).replace("9001", "" + (9001 + i))))
            .toArray(Snapshot.File[]::new));
  }

  private static Snapshot groups(int count) {
    return groups(0, count);
  }

  private Outcome force(Snapshot snapshot) {
    return reconciler.pass(snapshot, Consent.GIVEN, view -> {});
  }

  @Test
  void threeGroupsMayGoAtOnce() {
    reconciler.pass(groups(3));

    assertThat(reconciler.pass(groups(0)).done()).isTrue();

    assertThat(names(agent)).isEmpty();
  }

  @Test
  void halfOfFourGroupsMayGoAndNotMore() {
    reconciler.pass(groups(4));
    agent.writes();

    Outcome refused = reconciler.pass(groups(1));
    assertThat(agent.writes()).isEmpty();
    assertThat(refused.done()).isFalse();
    assertThat(refused.withheld().orElseThrow().groups())
        .containsExactly("job1.api[0]", "job2.api[0]", "job3.api[0]");

    assertThat(reconciler.pass(groups(2)).done()).isTrue();
    assertThat(names(agent)).containsExactly("s0", "s1");
  }

  @Test
  void aGroupOfWhichOnlyTheSidecarIsLeftIsOne() {
    reconciler.pass(groups(4));
    Registration first = Shop.held(agent, "s0");
    Observed held = agent.holds();
    agent.hold(
        new Observed(
            held.registrations().stream().filter(one -> !one.equals(first)).toList(),
            List.of(new Orphan(first.id().sidecar(), "s0-sidecar-proxy", 1, first.marks())),
            List.of()));

    Outcome refused = reconciler(agent).pass(groups(1));

    assertThat(refused.withheld().orElseThrow().groups()).hasSize(3);
  }

  @Test
  void aWantedServiceOfWhichOnlyTheSidecarIsLeftIsCompletedWhileRemovalsAreWithheld() {
    Snapshot one = all(file("job", service("s0", Shop.CONNECT)));
    reconciler.pass(one);
    Registration first = Shop.held(agent, "s0");
    agent.goAway();
    reconciler.pass(one);
    agent.heal();
    agent.hold(
        new Observed(
            List.of(),
            List.of(new Orphan(first.id().sidecar(), "s0-sidecar-proxy", 1, first.marks())),
            List.of()));
    agent.be(new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));
    agent.writes();

    Outcome outcome = reconciler.pass(all(file("job", service("s0"))));

    assertThat(outcome.withheld()).isPresent();
    assertThat(agent.writes()).containsExactly("register " + first.id());
  }

  @Test
  void anEmptyDirectoryTakesNothingAway() {
    reconciler.pass(groups(5));
    agent.writes();

    reconciler.pass(groups(0));
    reconciler.pass(groups(0));

    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void aNewProcessIsGuardedAsWell() {
    reconciler.pass(groups(5));
    agent.writes();

    Outcome refused = reconciler(agent).pass(groups(0));

    assertThat(agent.writes()).isEmpty();
    assertThat(refused.withheld()).isPresent();
  }

  @Test
  void whatIsAddedAndChangedGoesOn() {
    reconciler.pass(groups(4));
    agent.writes();

    reconciler.pass(
        all(
            file("job0", service("s0", "tags = [\"new\"]\n")),
            file("fresh", service("fresh").replace("9001", "9050"))));

    assertThat(agent.writes())
        .containsExactlyInAnyOrder("register " + id(agent, "s0"), "register " + id(agent, "fresh"));
    assertThat(names(agent)).containsExactly("fresh", "s0", "s1", "s2", "s3");
  }

  @Test
  void consentLetsItGoWhole() {
    reconciler.pass(groups(6));

    assertThat(force(groups(1)).done()).isTrue();

    assertThat(names(agent)).containsExactly("s0");
  }

  @Test
  void whatWasConsentedToAndFailedIsTriedAgain() {
    reconciler.pass(groups(4));
    String last = id(agent, "s3");
    agent.fail("deregister " + last, Kind.BROKEN);
    force(groups(0));
    assertThat(names(agent)).containsExactly("s3");
    agent.heal();

    reconciler.pass(groups(0));

    assertThat(names(agent)).isEmpty();
  }

  @Test
  void aGroupWithAnotherAllocationIsReplacedNotRemoved() {
    reconciler.pass(groups(4));
    List<Snapshot.File> renewed = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      renewed.add(
          dev.connectbridge.testing.Specs.file(
              "job%d.hcl".formatted(i),
              """
              job "job%d" {
                namespace = "prod"
                group "api" {
                  network { mode = "bridge" }
                  %s
                }
              }
              """
                  .formatted(i, service("s" + i).replace("9001", "" + (9001 + i)))));
    }

    Outcome outcome = reconciler.pass(new Snapshot(renewed, true, List.of()));

    assertThat(outcome.withheld()).isEmpty();
    assertThat(outcome.plan().removals()).hasSize(4);
    assertThat(names(agent)).containsExactly("s0", "s1", "s2", "s3");
  }

  @Test
  void aMoveToAnotherFileTakesNothingAway() {
    reconciler.pass(groups(4));
    List<Snapshot.File> moved =
        groups(4).files().stream()
            .map(
                one ->
                    new Snapshot.File(
                        "moved/" + one.source(), one.jobs(), one.problems(), one.warnings()))
            .toList();

    Outcome outcome = reconciler.pass(new Snapshot(moved, true, List.of()));

    assertThat(outcome.done()).isTrue();
    assertThat(names(agent)).hasSize(4);
  }

  @Test
  void whatIsNotKnownIsNotWithheldEither() {
    reconciler.pass(groups(4));

    Outcome outcome = reconciler.pass(some());

    assertThat(outcome.withheld()).isEmpty();
    assertThat(names(agent)).hasSize(4);
  }

  @Test
  void approvalIsForExactlyWhatWasSeenAndOnce() {
    reconciler.pass(groups(6));
    reconciler.pass(groups(2));
    String seen = reconciler.withheld().orElseThrow().digest();
    reconciler.pass(groups(1));

    assertThatThrownBy(() -> reconciler.approve(seen))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("something else");
    reconciler.approve(reconciler.withheld().orElseThrow().digest());
    reconciler.pass(groups(0));
    assertThat(names(agent)).hasSize(6);

    reconciler.approve("");
    reconciler.pass(groups(0));
    assertThat(names(agent)).isEmpty();
    reconciler.pass(groups(6));
    reconciler.pass(groups(0));
    assertThat(names(agent)).hasSize(6);
  }

  @Test
  void anApprovalThatThePassHadNoUseForIsOver() {
    reconciler.pass(groups(6));
    reconciler.pass(groups(0));
    reconciler.approve("");
    reconciler.pass(groups(6));

    reconciler.pass(groups(0));

    assertThat(names(agent)).hasSize(6);
  }

  @Test
  void thereIsNothingToApproveWhereNothingIsWithheld() {
    reconciler.pass(groups(2));

    assertThatThrownBy(() -> reconciler.approve("")).hasMessage("nothing is withheld");
  }

  @Test
  void whatStaysIsWrittenAgainWhenTheAgentLosesIt() {
    reconciler.pass(groups(4));
    reconciler.pass(groups(0));
    agent.hold(Observed.NOTHING);

    Outcome outcome = reconciler.pass(groups(0));

    assertThat(names(agent)).hasSize(4);
    assertThat(outcome.withheld()).isPresent();
  }

  @Test
  void whatStaysIsNotWrittenOverAStrangerThatIsNotListedForAMoment() {
    FakeAgent elsewhere = new FakeAgent();
    reconciler(elsewhere).pass(groups(4));
    String last = id(elsewhere, "s0");
    agent.fail("register " + last, Kind.UNREACHABLE);
    reconciler.pass(groups(4));
    agent.heal();
    agent.hold(
        new Observed(
            agent.holds().registrations(), List.of(), List.of(new Foreign(last, "theirs", 7))));
    agent.hide(3, last);

    assertThat(reconciler.pass(groups(0)).withheld()).isPresent();
    assertThat(agent.holds().foreign()).hasSize(1);
  }

  @Test
  void specsThatComeBackEndIt() {
    reconciler.pass(groups(4));
    reconciler.pass(groups(0));

    assertThat(reconciler.pass(groups(4)).done()).isTrue();
    assertThat(reconciler.withheld()).isEmpty();
  }

  @Test
  void stoppingIsNotGuarded() {
    reconciler.pass(groups(5));

    reconciler.drain();

    assertThat(names(agent)).isEmpty();
  }

  @Test
  void lookingSaysWhatWouldBeWithheld() throws Exception {
    reconciler.pass(groups(5));

    View view = reconciler(agent).look(groups(1));

    assertThat(view.plan().removals()).hasSize(4);
    assertThat(view.withheld().map(Withheld::groups).orElseThrow()).hasSize(4);
  }

  @Test
  void nothingIsRemovedFromAnAgentThatIsAnotherOne() {
    reconciler.pass(groups(2));
    agent.goAway();
    reconciler.pass(groups(2));
    agent.heal();
    agent.be(new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));

    Outcome outcome = reconciler.pass(groups(1));

    assertThat(names(agent)).containsExactly("s0", "s1");
    assertThat(outcome.withheld().orElseThrow().why())
        .contains("node-1 (node-id, datacenter dc1)")
        .contains("node-2 (other-id, datacenter dc1)");
    reconciler.approve("");
    assertThat(reconciler.pass(groups(1)).done()).isTrue();
    assertThat(names(agent)).containsExactly("s0");
    assertThat(reconciler.pass(groups(0)).done()).isTrue();
  }

  /** Found by history 20262269. */
  @Test
  void whatWasGrantedOfOneAgentIsNotOfTheNext() {
    reconciler.pass(groups(3));
    agent.fail("deregister " + id(agent, "s2"), Kind.BROKEN);
    assertThat(reconciler.pass(groups(2)).failures()).hasSize(1);
    agent.heal();
    agent.be(new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));

    Outcome outcome = reconciler.pass(groups(2));

    assertThat(names(agent)).containsExactly("s0", "s1", "s2");
    assertThat(outcome.withheld().orElseThrow().why()).contains("node-2");
  }

  /** Found by history 20268999: the token's doubt hid that the agent was another one. */
  @Test
  void norWhereTheTokenMayNotSeeEverythingThereEither() {
    reconciler.pass(groups(3));
    agent.fail("deregister " + id(agent, "s2"), Kind.BROKEN);
    assertThat(reconciler.pass(groups(2)).failures()).hasSize(1);
    agent.heal();
    agent.forbid("s1");
    agent.be(new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));
    agent.writes();

    reconciler.pass(groups(2));

    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void anotherAgentThatHoldsNothingOfOursIsTakenForTheNewOne() {
    reconciler.pass(groups(2));
    agent.goAway();
    reconciler.pass(groups(2));
    agent.heal();
    agent.hold(Observed.NOTHING);
    agent.be(new AgentFacts("node-1", "fresh-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));
    reconciler.pass(groups(2));

    assertThat(reconciler.pass(groups(0)).done()).isTrue();

    assertThat(names(agent)).isEmpty();
  }

  @Test
  void oneThatWasStartedAnewBetweenTwoPassesIsTakenForTheNewOneAsWell() {
    reconciler.pass(groups(2));
    agent.hold(Observed.NOTHING);
    agent.be(new AgentFacts("node-1", "fresh-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));
    reconciler.pass(groups(2));

    assertThat(reconciler.pass(groups(0)).done()).isTrue();

    assertThat(names(agent)).isEmpty();
  }

  @Test
  void oneWhoseListIsCutByRightsIsNotTakenForEmpty() {
    reconciler.pass(groups(2));
    agent.goAway();
    reconciler.pass(groups(2));
    agent.heal();
    agent.be(new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));
    agent.cut();
    agent.forbid("s0");
    agent.forbid("s1");
    reconciler.pass(groups(2));
    agent.allow();

    Outcome outcome = reconciler.pass(groups(1));

    assertThat(outcome.withheld().orElseThrow().why()).contains("node-2");
    assertThat(names(agent)).containsExactly("s0", "s1");
  }

  @Test
  void aWordAboutOneAgentIsNoneAboutAnother() {
    reconciler.pass(groups(5));
    reconciler.pass(groups(1));
    reconciler.approve("");
    agent.be(new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));

    Outcome outcome = reconciler.pass(groups(1));

    assertThat(outcome.withheld().orElseThrow().why()).contains("node-2");
    assertThat(names(agent)).hasSize(5);
    reconciler.approve("");
    reconciler.pass(groups(1));
    assertThat(names(agent)).containsExactly("s0");
  }

  @Test
  void whatIsLeftOfTooMuchStaysAlsoWhereItIsNoMoreThanHalfByNow() {
    Leaving leaving = new Leaving();
    Reconciler draining =
        new Reconciler(
            agent,
            Settings.of("default"),
            Shop.memory(),
            Optional.of(leaving),
            Shop.WITHOUT_WAITING);
    draining.pass(groups(8));
    assertThat(draining.pass(groups(3)).withheld().orElseThrow().groups()).hasSize(5);
    leaving.byName.add(Shop.held(agent, "s3").id());
    leaving.byName.add(Shop.held(agent, "s4").id());

    Outcome outcome = draining.pass(groups(3));

    assertThat(outcome.withheld().orElseThrow().groups()).hasSize(3);
    assertThat(leaving.unwanted).isEmpty();
  }

  /** Knows what somebody drains by name, and takes what is to leave. */
  private static final class Leaving implements Departures {
    private final Set<ServiceId> byName = new HashSet<>();
    private final List<Removal> unwanted = new ArrayList<>();

    @Override
    public void looks() {}

    @Override
    public boolean isLeaving(ServiceId id) {
      return byName.contains(id);
    }

    @Override
    public boolean mayWrite(ServiceId id) {
      return !isLeaving(id);
    }

    @Override
    public void wrote(ServiceId id, boolean done) {}

    @Override
    public void leave(List<Removal> removals) {
      unwanted.addAll(removals);
      unwanted.removeIf(one -> isLeaving(one.service()));
    }

    @Override
    public void givenAway(Set<ServiceId> ids) {}

    @Override
    public void see(Desired desired, Set<ServiceId> registered) {}

    @Override
    public void leaveAll() {}

    @Override
    public boolean isIdle() {
      return true;
    }
  }
}
