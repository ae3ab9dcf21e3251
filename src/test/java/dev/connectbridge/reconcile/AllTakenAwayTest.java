package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** All of ours is gone at once, or most of it: an agent forgot, or somebody is at work. */
class AllTakenAwayTest {
  private static final Snapshot ONE = all(file("shop", service("web", CONNECT)));
  private static final Snapshot TWO =
      all(
          file("shop", service("web", CONNECT)),
          file("bank", service("api").replace("9001", "9002")));
  private static final List<Foreign> OTHERS = List.of(new Foreign("db", "db", 5432));

  private final FakeAgent agent = new FakeAgent();
  private Duration now = Duration.ZERO;
  private final Reconciler reconciler =
      new Reconciler(
          agent,
          Settings.of("default"),
          Shop.memory(),
          Optional.empty(),
          new Ticker() {
            @Override
            public Duration now() {
              return now;
            }

            @Override
            public void pause(Duration time) {}
          });

  /** Somebody deregisters all of ours, and nothing else. */
  private void removeAll() throws AgentException {
    for (Registration held : agent.holds().registrations()) {
      agent.deregister(held.id().value());
    }
    agent.writes();
  }

  private void forget(List<Foreign> left) {
    agent.hold(new Observed(List.of(), List.of(), left));
  }

  private void isHealed(Snapshot specs) {
    agent.writes();
    assertThat(reconciler.pass(specs).done()).isTrue();
    assertThat(agent.writes()).hasSize(specs.files().size());
    assertThat(reconciler.fights()).isEmpty();
  }

  @Test
  void whoeverRemovesTheOnlyOneAThirdTimeIsGivenWayTo() throws Exception {
    agent.keepOnDisk();
    isHealed(ONE);
    for (int times = 1; times <= 2; times++) {
      removeAll();
      isHealed(ONE);
      now = now.plusMinutes(9);
    }

    removeAll();
    reconciler.pass(ONE);
    reconciler.pass(ONE);

    assertThat(agent.writes()).isEmpty();
    assertThat(reconciler.fights().values()).containsExactly("removed by somebody else 3 times");
  }

  @Test
  void whoeverRemovesBothAThirdTimeIsGivenWayTo() throws Exception {
    agent.keepOnDisk();
    forget(OTHERS);
    isHealed(TWO);
    for (int times = 1; times <= 2; times++) {
      removeAll();
      isHealed(TWO);
    }

    removeAll();
    reconciler.pass(TWO);

    assertThat(names(agent)).isEmpty();
    assertThat(reconciler.fights()).hasSize(2);
    var adopted = reconciler.adopt(reconciler.fights().firstKey());
    reconciler.pass(TWO);
    assertThat(adopted).isCompleted();
    assertThat(names(agent)).hasSize(1);
  }

  @Test
  void removalsThatAreFarApartAreNoFight() throws Exception {
    agent.keepOnDisk();
    isHealed(ONE);
    for (int times = 1; times <= 6; times++) {
      now = now.plusMinutes(11);
      removeAll();
      isHealed(ONE);
    }
  }

  @Test
  void anAgentThatReadsManyFilesWhileItReloadsIsNobody() {
    agent.keepOnDisk();
    forget(OTHERS);
    isHealed(ONE);
    for (int times = 1; times <= 6; times++) {
      forget(List.of());
      isHealed(ONE);
      now = now.plusMinutes(1);
      List<Registration> held = agent.holds().registrations();
      agent.hold(new Observed(held, List.of(), OTHERS));
      reconciler.pass(ONE);
    }
  }

  @Test
  void anAgentThatIsAnotherOneSinceIsNobody() {
    agent.keepOnDisk();
    isHealed(ONE);
    for (int times = 1; times <= 6; times++) {
      agent.be(new AgentFacts("node-1", "id-" + times, "dc1", "1.8.7", "10.0.0.1", 21000, 21255));
      agent.keepOnDisk();
      forget(List.of());
      isHealed(ONE);
    }
  }

  @Test
  void anAgentThatStartsEmptyAgainAndAgainIsNobody() {
    isHealed(ONE);
    for (int times = 1; times <= 30; times++) {
      agent.goAway();
      reconciler.pass(ONE);
      agent.heal();
      forget(List.of());
      isHealed(ONE);
    }
  }

  @Test
  void anAgentOnDiskThatStartsEmptyAgainAndAgainIsNobody() {
    agent.keepOnDisk();
    anAgentThatStartsEmptyAgainAndAgainIsNobody();
  }

  @Test
  void anAgentInMemoryThatIsReloadedAgainAndAgainIsHealedEachTime() {
    for (List<Foreign> files : List.of(OTHERS, List.<Foreign>of())) {
      forget(files);
      reconciler.pass(TWO);
      for (int times = 1; times <= 30; times++) {
        now = now.plusSeconds(31);
        forget(files);
        isHealed(TWO);
      }
    }
  }

  @Test
  void anAgentInMemoryThatForgetsOthersAsWellIsNobody() {
    forget(OTHERS);
    isHealed(ONE);
    for (int times = 1; times <= 30; times++) {
      now = now.plusSeconds(1);
      forget(List.of());
      isHealed(ONE);
      List<Registration> held = new ArrayList<>(agent.holds().registrations());
      agent.hold(new Observed(held, List.of(), OTHERS));
      reconciler.pass(ONE);
    }
  }

  @Test
  void whoeverRemovesAllTenTimesInAMomentIsGivenWayToInMemoryAsWell() throws Exception {
    forget(OTHERS);
    isHealed(TWO);
    for (int times = 1; times <= 9; times++) {
      now = now.plusSeconds(30);
      removeAll();
      isHealed(TWO);
    }

    removeAll();
    reconciler.pass(TWO);

    assertThat(agent.writes()).isEmpty();
    assertThat(reconciler.fights().values())
        .hasSize(2)
        .containsOnly("gone 10 times in a row: removed by somebody else, or forgotten each time");
  }

  @Test
  void anAgentThatWasAwayBetweenIsCountedAnew() throws Exception {
    isHealed(ONE);
    for (int times = 1; times <= 40; times++) {
      if (times % 10 == 0) {
        agent.fail("observe", Kind.UNREACHABLE);
        reconciler.pass(ONE);
        agent.heal();
      }
      removeAll();
      isHealed(ONE);
    }
  }
}
