package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.converge.ConvergenceBook;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An agent that is not there, or not yet. */
class RecoveryTest {
  private final FakeAgent agent = new FakeAgent();
  private Snapshot files = all(file("shop", service("web")));
  private Duration now = Duration.ZERO;
  private final Loop loop =
      new Loop(
          agent,
          () -> files,
          new Reconciler(agent, Settings.of("default"), Shop.memory(), Optional.empty(), () -> now),
          Duration.ofHours(1),
          false,
          Optional.empty(),
          new ConvergenceBook("default"),
          () -> now);

  @Test
  void anAgentThatComesLaterIsToldWhatIsWantedThen() {
    agent.goAway();
    loop.turn();
    files = all(file("shop", service("web", "tags = [\"later\"]\n")));
    loop.turn();
    agent.heal();

    loop.turn();

    assertThat(agent.writes()).hasSize(1);
    assertThat(agent.holds().registrations().get(0).tags()).containsExactly("later");
  }

  @Test
  void anAgentThatAnsweredIsAskedSoonAgainTheNextTimeItFails() {
    agent.fail("observe", Kind.BROKEN);
    for (int i = 0; i < 20; i++) {
      loop.turn();
    }
    agent.heal();
    loop.turn();
    agent.fail("observe", Kind.BROKEN);

    assertThat(loop.turn()).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void whoNeverSawTheAgentDoesNotWaitForItAtTheEnd() {
    agent.goAway();
    loop.turn();
    long looks = agent.count("observe");

    loop.stop();
    loop.run();

    assertThat(agent.count("observe")).isEqualTo(looks + 1);
    assertThat(loop.drained()).isFalse();
  }

  @Test
  void aWriteThatFailedIsTriedAgainAsIfItHadNeverBeen() {
    loop.turn();
    String web = Shop.id(agent, "web");
    agent.fail("register " + web, Kind.BROKEN);
    files = all(file("shop", service("web", "tags = [\"new\"]\n")));
    loop.turn();
    agent.heal();
    agent.writes();
    now = now.plusMinutes(1);

    loop.turn();

    assertThat(agent.writes()).containsExactly("register " + web);
    assertThat(names(agent)).isEqualTo(List.of("web"));
  }
}
