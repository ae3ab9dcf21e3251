package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentFacts;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Departures;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is let go while the agent cannot be seen. */
class BlindTest {
  private static final Snapshot BOTH = all(file("shop", service("web")), cart());
  private static final Snapshot ONE = all(cart());

  private final FakeAgent agent = new FakeAgent();
  private final Gone gone = new Gone();
  private final Reconciler reconciler =
      new Reconciler(
          agent,
          new Settings(
              "default", Node.UNKNOWN, 20000, 32000, Choices.NONE, Consent.NONE, Drift.REVERT),
          Shop.memory(),
          Optional.of(gone),
          Ticker.SYSTEM);

  private static Snapshot.File cart() {
    return file("cart", service("cart").replace("9001", "9002"));
  }

  @Test
  void whatIsNotWantedGoesAlthoughTheAgentIsAway() {
    reconciler.pass(BOTH);
    agent.goAway();

    reconciler.pass(ONE);

    assertThat(gone.names).containsExactly("web");
  }

  @Test
  void whatStaysBecauseTheAgentIsAnotherOneStaysWhileThatIsAway() {
    reconciler.pass(BOTH);
    agent.goAway();
    reconciler.pass(BOTH);
    agent.heal();
    agent.be(new AgentFacts("node-2", "other-id", "dc1", "1.8.7", "10.0.0.1", 21000, 21255));
    reconciler.pass(ONE);
    agent.goAway();

    reconciler.pass(ONE);

    assertThat(gone.names).isEmpty();
    assertThat(reconciler.withheld().orElseThrow().why()).contains("node-2");
  }

  @Test
  void whatStaysBecauseItMayNotBeSeenStaysWhileNothingIs() {
    reconciler.pass(BOTH);
    agent.forbid("cart");
    reconciler.pass(ONE);
    assertThat(reconciler.withheld()).isPresent();
    agent.goAway();

    reconciler.pass(ONE);

    assertThat(gone.names).isEmpty();
    assertThat(reconciler.withheld().orElseThrow().why()).contains("may not see cart");
  }

  /** Takes what is to leave, and does nothing about it. */
  private static final class Gone implements Departures {
    private final List<String> names = new ArrayList<>();

    @Override
    public void looks() {}

    @Override
    public boolean isLeaving(ServiceId id) {
      return false;
    }

    @Override
    public boolean mayWrite(ServiceId id) {
      return true;
    }

    @Override
    public void wrote(ServiceId id, boolean done) {}

    @Override
    public void leave(List<Removal> unwanted) {
      unwanted.forEach(removal -> names.add(removal.name()));
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
