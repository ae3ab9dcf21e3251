package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.WITHOUT_WAITING;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.id;
import static dev.connectbridge.reconcile.Shop.memory;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FakeAgent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is let go, and is the last of its kind that works. */
class LastInstanceTest {
  private static final Snapshot NOTHING = all();

  private final FakeAgent agent = new FakeAgent();
  private final Reconciler reconciler = reconciler(true);

  private Reconciler reconciler(boolean keep) {
    Settings settings =
        new Settings(
            "default", Node.UNKNOWN, 20000, 32000, Choices.NONE, Consent.NONE, Drift.REVERT, keep);
    return new Reconciler(agent, settings, memory(), Optional.empty(), WITHOUT_WAITING);
  }

  private static Snapshot shops(String... names) {
    return all(
        List.of(names).stream()
            .map(name -> file(name, service(name).replace("9001", "" + (9000 + name.charAt(0)))))
            .toArray(Snapshot.File[]::new));
  }

  private long asked() {
    return agent.trace().stream().filter(call -> call.startsWith("passes beside")).count();
  }

  @Test
  void itStaysAndItIsSaidWhyAndHowToGoOn() {
    reconciler.pass(shops("web", "api"));
    agent.passing("api", true);

    Outcome refused = reconciler.pass(NOTHING);

    assertThat(names(agent)).containsExactly("web");
    Withheld held = refused.withheld().orElseThrow();
    assertThat(held)
        .hasToString("web.api[0] would be deregistered, and stay: no other instance of web passes");
    assertThat(held.remedy()).contains("consent");
    assertThat(refused.done()).isFalse();
  }

  @Test
  void itGoesOnceAnotherPasses() {
    reconciler.pass(shops("web"));
    reconciler.pass(NOTHING);
    assertThat(names(agent)).containsExactly("web");

    agent.passing("web", true);

    assertThat(reconciler.pass(NOTHING).done()).isTrue();
    assertThat(names(agent)).isEmpty();
  }

  @Test
  void somebodysWordLetsItGo() {
    reconciler.pass(shops("web"));
    reconciler.approve(reconciler.pass(NOTHING).withheld().orElseThrow().digest());
    assertThat(reconciler.pass(NOTHING).done()).isTrue();

    reconciler.pass(shops("web"));
    assertThat(reconciler.pass(NOTHING, Consent.GIVEN, view -> {}).done()).isTrue();
    assertThat(names(agent)).isEmpty();
  }

  @Test
  void whatIsNotKnownIsKept() {
    reconciler.pass(shops("web", "api"));
    agent.fail("passes beside web", Kind.FORBIDDEN);
    agent.passing("api", true);

    Withheld held = reconciler.pass(NOTHING).withheld().orElseThrow();

    assertThat(names(agent)).containsExactly("web");
    assertThat(held.why()).startsWith("whether another instance of web passes is not known (");
  }

  @Test
  void oneThatDoesNotAnswerIsNotAskedForEach() {
    reconciler.pass(shops("api", "shop", "web"));
    agent.fail("passes beside api", Kind.TIMEOUT);

    Withheld held = reconciler.pass(NOTHING).withheld().orElseThrow();

    assertThat(held.groups()).hasSize(3);
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void withTooMuchAtOnceBothReasonsAreSaid() {
    reconciler.pass(shops("a", "b", "c", "d"));
    agent.passing("c", true);

    Withheld held = reconciler.pass(shops("d")).withheld().orElseThrow();

    assertThat(held.why()).contains("more than half").endsWith("no other instance of a, b passes");
    assertThat(held.groups()).hasSize(3);
    reconciler.approve(held.digest());
    assertThat(reconciler.pass(shops("d")).done()).isTrue();
    assertThat(names(agent)).containsExactly("d");
  }

  @Test
  void nobodyIsAskedWhileNothingGoesOrWhereItIsOff() {
    reconciler.pass(shops("web", "api"));
    reconciler.pass(shops("web", "api"));
    assertThat(asked()).isZero();

    reconciler(false).pass(shops("web"));

    assertThat(asked()).isZero();
    assertThat(names(agent)).containsExactly("web");
  }

  @Test
  void whatTheAgentHasLostAnywayIsNoInstance() throws Exception {
    reconciler.pass(shops("web"));
    agent.deregister(id(agent, "web"));

    assertThat(reconciler.pass(NOTHING).done()).isTrue();
    assertThat(asked()).isZero();
  }

  @Test
  void onceEachServiceIsAskedFor() {
    agent.passing("web", true);
    reconciler.pass(
        all(file("one", service("web")), file("two", service("web").replace("9001", "9002"))));
    assertThat(reconciler.pass(NOTHING).done()).isTrue();
    assertThat(asked()).isEqualTo(1);
  }
}
