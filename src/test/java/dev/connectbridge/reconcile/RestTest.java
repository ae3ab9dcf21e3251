package dev.connectbridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.SimulatedAgent;
import dev.connectbridge.testing.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A day on which nothing happens. */
class RestTest {
  private static final Duration RESYNC = Duration.ofSeconds(30);

  @Test
  void aDayAtRestIsADayWithoutAWrite() {
    VirtualTime time = new VirtualTime();
    SimulatedAgent agent = new SimulatedAgent(SimulatedAgent.Options.dev(), time);
    agent.listens(target -> true);
    Reconciler reconciler =
        new Reconciler(Wire.to(agent, time, () -> ""), Settings.of("default"), Shop.memory());
    Snapshot specs =
        Shop.all(
            Shop.file(
                "shop",
                Shop.service("web", Shop.CONNECT, Shop.CHECK.formatted("up")),
                Shop.service("api").replace("9001", "9002")),
            Shop.file("blog", Shop.service("posts", Shop.CONNECT).replace("9001", "9003")));
    reconciler.pass(specs);
    assertThat(agent.takeWrites()).hasSize(3);

    int passes = 0;
    for (Duration day = Duration.ZERO; day.toHours() < 24; day = day.plus(RESYNC)) {
      time.advance(RESYNC);
      assertThat(reconciler.pass(specs).done()).isTrue();
      passes++;
    }

    int writes = agent.takeWrites().size();
    System.out.printf(
        "rest: 24 hours, %d passes, %d questions, %d writes%n", passes, agent.questions(), writes);
    assertThat(writes).isZero();
    assertThat(agent.catalog()).isEqualTo(agent.services()).hasSize(5);
  }
}
