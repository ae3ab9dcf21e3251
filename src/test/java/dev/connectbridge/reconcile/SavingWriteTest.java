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
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes while nobody knows with which token it was registered. */
class SavingWriteTest {
  private static final String POSTS = "service {\nname = \"posts\"\nport = \"9002\"\n}";
  private static final Snapshot SHOP =
      all(file("blog", POSTS), file("shop", service("web", CONNECT)));
  private static final Snapshot BLOG = all(file("blog", POSTS));

  private final FakeAgent agent = new FakeAgent();
  private String web;
  private String sidecar;

  @BeforeEach
  void register() {
    reconciler(agent).pass(SHOP);
    web = held(agent, "web").id().value();
    sidecar = held(agent, "web").id().sidecar();
    agent.writes();
    agent.carry("a token");
  }

  @Test
  void itIsWrittenOnceMoreWithOursBeforeItIsDeregistered() {
    Outcome outcome = reconciler(agent).pass(BLOG);

    assertThat(outcome.failures()).isEmpty();
    assertThat(agent.writes())
        .containsExactly(
            "rewrite " + sidecar, "rewrite " + web, "deregister " + sidecar, "deregister " + web);
  }

  @Test
  void soItIsWhereOnlyTheServiceHasAToken() {
    agent.carry("");
    agent.carry("web", "its own");

    reconciler(agent).pass(BLOG);

    assertThat(agent.writes()).contains("rewrite " + web, "rewrite " + sidecar);
  }

  @Test
  void nothingIsWrittenOnceMoreWhereThereIsNoToken() {
    agent.carry("");

    reconciler(agent).pass(BLOG);

    assertThat(agent.writes()).containsExactly("deregister " + sidecar, "deregister " + web);
  }

  @Test
  void unlessTheAgentHasOneForThoseWhoSendNone() {
    agent.carry("");
    agent.lendToken();

    reconciler(agent).pass(BLOG);

    assertThat(agent.writes()).contains("rewrite " + web, "rewrite " + sidecar);
  }

  @Test
  void whereThatIsRefusedItIsDeregisteredAllTheSame() {
    agent.fail("rewrite " + sidecar, Kind.FORBIDDEN);

    Outcome outcome = reconciler(agent).pass(BLOG);

    assertThat(outcome.failures()).isEmpty();
    assertThat(agent.writes()).contains("rewrite " + web);
    assertThat(names(agent)).containsExactly("posts");
  }

  @Test
  void whereThatMayWorkSoonItIsLeftForTheNextPass() {
    agent.fail("rewrite " + sidecar, Kind.TIMEOUT);

    Outcome outcome = reconciler(agent).pass(all());

    assertThat(outcome.failures()).extracting(Outcome.Failure::id).containsExactly(sidecar);
    assertThat(agent.writes()).doesNotContain("deregister " + sidecar, "deregister " + web);
    assertThat(names(agent)).containsExactly("web");
    agent.heal();
    assertThat(reconciler(agent).pass(all()).failures()).isEmpty();
    assertThat(names(agent)).isEmpty();
  }

  @Test
  void aSidecarThatIsNoLongerWantedIsSavedAsWell() {
    reconciler(agent).pass(all(file("blog", POSTS), file("shop", service("web"))));

    assertThat(agent.writes())
        .containsExactly("rewrite " + sidecar, "deregister " + sidecar, "register " + web);
  }

  @Test
  void whatStaysIsWrittenOnceMoreForNobody() {
    reconciler(agent).pass(SHOP);

    assertThat(agent.writes()).isEmpty();
  }
}
