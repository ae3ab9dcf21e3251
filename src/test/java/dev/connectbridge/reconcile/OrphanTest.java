package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.held;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.reconciler;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an earlier process has left, and what is only half there. */
class OrphanTest {
  private static final Snapshot SHOP = all(file("shop", service("web", CONNECT)));

  private final FakeAgent agent = new FakeAgent();

  private Registration registered() {
    reconciler(agent).pass(SHOP);
    agent.writes();
    return held(agent, "web");
  }

  private static Orphan sidecarOf(Registration web) {
    return new Orphan(
        web.id().sidecar(), "web-sidecar-proxy", web.sidecar().orElseThrow().port(), web.marks());
  }

  @Test
  void aSidecarWithoutItsServiceIsRemoved() {
    Registration web = registered();
    agent.hold(new Observed(List.of(), List.of(sidecarOf(web)), List.of()));

    reconciler(agent).pass(all());

    assertThat(agent.writes()).containsExactly("deregister " + web.id().sidecar());
    assertThat(agent.holds()).isEqualTo(Observed.NOTHING);
  }

  @Test
  void aSidecarWithoutItsServiceThatIsWantedIsCompleted() {
    Registration web = registered();
    agent.hold(new Observed(List.of(), List.of(sidecarOf(web)), List.of()));

    reconciler(agent).pass(SHOP);

    assertThat(agent.writes()).containsExactly("register " + web.id());
    assertThat(held(agent, "web")).isEqualTo(web);
  }

  @Test
  void aServiceWithoutItsSidecarIsCompleted() throws Exception {
    Registration web = registered();
    agent.deregister(web.id().sidecar());
    agent.writes();

    reconciler(agent).pass(SHOP);

    assertThat(agent.writes()).containsExactly("register " + web.id());
    assertThat(held(agent, "web")).isEqualTo(web);
  }

  @Test
  void whatWentWhileNobodyWasThereIsRemovedByTheNextProcess() {
    reconciler(agent).pass(all(file("shop", service("web", CONNECT)), file("blog", posts())));
    agent.writes();

    reconciler(agent).pass(all(file("blog", posts())));

    assertThat(agent.writes()).hasSize(2).allMatch(call -> call.startsWith("deregister "));
    assertThat(names(agent)).containsExactly("posts");
  }

  private static String posts() {
    return service("posts").replace("9001", "9002");
  }

  @Test
  void aSidecarThatCannotBeRemovedKeepsItsServiceForTheNextPass() {
    Registration web = registered();
    agent.fail("deregister " + web.id().sidecar(), Kind.BROKEN);
    Reconciler reconciler = reconciler(agent);

    reconciler.pass(all());
    assertThat(agent.writes()).containsExactly("deregister " + web.id().sidecar());

    agent.heal();
    reconciler.pass(all());
    assertThat(agent.writes())
        .containsExactly("deregister " + web.id().sidecar(), "deregister " + web.id());
  }

  @Test
  void anEntryWithoutAllItsMarksIsLeftAndHindersNoOther() {
    Registration web = registered();
    agent.hold(
        new Observed(
            List.of(web), List.of(), List.of(new Foreign("_connect-bridge-broken", "broken", 1))));

    reconciler(agent).pass(all());

    assertThat(names(agent)).isEmpty();
    assertThat(agent.holds().foreign()).hasSize(1);
  }

  @Test
  void aGroupWithoutServicesSendsNothing() {
    Outcome outcome = reconciler(agent).pass(all(file("shop")));

    assertThat(outcome.done()).isTrue();
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void aReadThatFailsRemovesNothing() {
    registered();
    agent.fail("observe", Kind.GARBLED);

    reconciler(agent).pass(all());
    agent.heal();
    reconciler(agent).pass(new Snapshot(List.of(), false, List.of()));

    assertThat(agent.writes()).isEmpty();
  }
}
