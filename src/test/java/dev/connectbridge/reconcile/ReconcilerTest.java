package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CHECK;
import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.brokenFile;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.held;
import static dev.connectbridge.reconcile.Shop.id;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.reconciler;
import static dev.connectbridge.reconcile.Shop.service;
import static dev.connectbridge.reconcile.Shop.some;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.testing.FakeAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
  private static final String GATE =
      service(
          "gate",
          """
          connect {
            gateway {
              ingress {
                listener {
                  port = 80
                  service {
                    name = "web"
                  }
                }
              }
            }
          }
          """);

  private final FakeAgent agent = new FakeAgent();
  private final Reconciler reconciler = reconciler(agent);

  @Test
  void theSecondPassWritesNothing() {
    var files = all(file("shop", service("web", CONNECT), service("cart")));
    reconciler.pass(files);
    assertThat(agent.writes()).hasSize(2).allMatch(call -> call.startsWith("register "));

    Outcome again = reconciler.pass(files);

    assertThat(agent.writes()).isEmpty();
    assertThat(again.plan().isEmpty()).isTrue();
    assertThat(again.done()).isTrue();
  }

  @Test
  void aSidecarIsDeregisteredBeforeItsServiceAndRemovalsComeBeforeWrites() {
    reconciler.pass(all(file("shop", service("web", CONNECT))));
    String web = id(agent, "web");
    agent.writes();

    reconciler.pass(all(file("shop", service("about"))));

    assertThat(agent.writes())
        .containsExactly(
            "deregister " + web + "-sidecar-proxy",
            "deregister " + web,
            "register " + id(agent, "about"));
  }

  @Test
  void aSidecarThatIsNoLongerSaidIsDroppedBeforeItsServiceIsWrittenAgain() {
    reconciler.pass(all(file("shop", service("web", CONNECT, CHECK.formatted("gone")))));
    String web = id(agent, "web");
    String gone = held(agent, "web").checks().get(0).id();
    agent.writes();

    reconciler.pass(all(file("shop", service("web"))));

    assertThat(agent.writes())
        .containsExactly(
            "deregister " + web + "-sidecar-proxy", "register " + web, "deregister check " + gone);
    assertThat(held(agent, "web").sidecar()).isEmpty();
  }

  @Test
  void checksThatVanishAreRemovedAfterTheWriteOneByOne() {
    String both = CHECK.formatted("one") + CHECK.formatted("two");
    reconciler.pass(all(file("shop", service("web", both, CHECK.formatted("three")))));
    String web = id(agent, "web");
    agent.writes();

    reconciler.pass(all(file("shop", service("web", CHECK.formatted("three")))));

    assertThat(agent.writes())
        .hasSize(3)
        .startsWith("register " + web)
        .filteredOn(call -> call.startsWith("deregister check " + web))
        .hasSize(2);
    assertThat(held(agent, "web").checks()).hasSize(1);
    reconciler.pass(all(file("shop", service("web", CHECK.formatted("three")))));
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  void whatIsForbiddenDoesNotStopTheOthers() {
    reconciler.pass(all(file("shop", service("a"), service("b"), service("c"))));
    String forbidden = id(agent, "b");
    agent.hold(Observed.NOTHING);
    agent.fail("register " + forbidden, Kind.FORBIDDEN);

    Outcome outcome = reconciler.pass(all(file("shop", service("a"), service("b"), service("c"))));

    assertThat(names(agent)).containsExactly("a", "c");
    assertThat(outcome.failures()).extracting(Outcome.Failure::id).containsExactly(forbidden);
    assertThat(outcome.done()).isFalse();
  }

  @Test
  void anAgentThatGoesAwayEndsThePass() {
    var files = all(file("shop", service("a"), service("b"), service("c")));
    reconciler.pass(files);
    List<String> ids =
        agent.holds().registrations().stream().map(held -> held.id().value()).toList();
    agent.hold(Observed.NOTHING);
    agent.writes();
    agent.fail("register " + ids.get(1), Kind.UNREACHABLE);

    Outcome outcome = reconciler.pass(files);

    assertThat(agent.writes()).containsExactly("register " + ids.get(0), "register " + ids.get(1));
    assertThat(outcome.failures()).hasSize(1);
  }

  @Test
  void whatCannotBeRemovedDoesNotStopTheWrites() {
    reconciler.pass(all(file("shop", service("web"))));
    agent.fail("deregister " + id(agent, "web"), Kind.FORBIDDEN);

    reconciler.pass(all(file("shop", service("about"))));

    assertThat(names(agent)).containsExactly("about", "web");
  }

  @Test
  void aFileThatBreaksKeepsItsLastGoodStateEvenWhenTheAgentComesBackEmpty() {
    reconciler.pass(
        all(
            file("shop", service("web", CONNECT)),
            file("blog", service("posts").replace("9001", "9002"))));
    Observed before = agent.holds();
    agent.hold(Observed.NOTHING);

    Outcome outcome =
        reconciler.pass(
            all(brokenFile("shop"), file("blog", service("posts").replace("9001", "9002"))));

    assertThat(agent.holds()).isEqualTo(before);
    assertThat(outcome.desired().problems()).isNotEmpty();
    assertThat(outcome.done()).isFalse();
  }

  @Test
  void aFileThatIsBrokenFromTheStartLosesNothing() {
    reconciler.pass(all(file("shop", service("web", CONNECT))));
    Observed before = agent.holds();
    agent.writes();

    reconciler(agent).pass(all(brokenFile("shop")));

    assertThat(agent.writes()).isEmpty();
    assertThat(agent.holds()).isEqualTo(before);
  }

  @Test
  void aFileThatIsMendedIsDoneAsItNowStands() {
    reconciler.pass(all(file("shop", service("web"), service("cart"))));
    reconciler.pass(all(brokenFile("shop")));

    reconciler.pass(all(file("shop", service("web"))));

    assertThat(names(agent)).containsExactly("web");
  }

  @Test
  void aBrokenFileThatIsDeletedTakesItsEntriesWithIt() {
    reconciler.pass(all(file("shop", service("web"))));
    reconciler.pass(all(brokenFile("shop")));

    reconciler.pass(all());

    assertThat(names(agent)).isEmpty();
  }

  @Test
  void anIncompleteSnapshotRemovesNothing() {
    reconciler.pass(
        all(file("shop", service("web")), file("blog", service("posts").replace("9001", "9002"))));
    agent.writes();

    reconciler.pass(some(file("blog", service("posts").replace("9001", "9002"))));

    assertThat(agent.writes()).isEmpty();
    assertThat(names(agent)).containsExactly("posts", "web");
  }

  @Test
  void whatCannotBeSeenIsRegisteredAgainWhenTheAgentComesBackEmpty() {
    reconciler.pass(
        all(file("shop", service("web")), file("blog", service("posts").replace("9001", "9002"))));
    agent.hold(Observed.NOTHING);

    reconciler.pass(some(file("blog", service("posts").replace("9001", "9002"))));

    assertThat(names(agent)).containsExactly("posts", "web");
  }

  @Test
  void aGatewaysEntryThatMayNotBeReadOrWrittenKeepsNothingElseBack() {
    agent.fail("config ingress-gateway/gate", Kind.FORBIDDEN);
    agent.fail("write ingress-gateway/gate", Kind.FORBIDDEN);

    Outcome outcome = reconciler.pass(all(file("shop", GATE, service("web"))));

    assertThat(outcome.failures())
        .singleElement()
        .extracting(Outcome.Failure::id)
        .isEqualTo("ingress-gateway/gate");
    assertThat(names(agent)).containsExactly("gate", "web");
  }

  @Test
  void aGatewaysEntryIsWrittenOnceAndOutlivesIt() {
    reconciler.pass(all(file("shop", GATE)));
    reconciler.pass(all(file("shop", GATE)));
    reconciler.drain();

    assertThat(agent.writes()).filteredOn(call -> call.startsWith("write")).hasSize(1);
    assertThat(agent.holds().entries()).hasSize(1);
  }

  @Test
  void drainingRemovesWhatIsThisOwnersAlone() {
    reconciler(agent, "other").pass(all(file("their", service("theirs", CONNECT))));
    reconciler.pass(all(file("shop", service("web", CONNECT))));
    Observed held = agent.holds();
    agent.hold(
        new Observed(held.registrations(), List.of(), List.of(new Foreign("consul", "consul", 1))));

    Outcome outcome = reconciler.drain();

    assertThat(outcome.failures()).isEmpty();
    assertThat(names(agent)).containsExactly("theirs");
    assertThat(agent.holds().foreign()).hasSize(1);
  }

  @Test
  void whatSomebodyElseHoldsIsLeftAlone() {
    var files = all(file("shop", service("web", CONNECT)));
    reconciler.pass(files);
    String web = id(agent, "web");
    agent.hold(new Observed(List.of(), List.of(), List.of(new Foreign(web, "web", 80))));
    agent.writes();

    Outcome outcome = reconciler.pass(files);

    assertThat(agent.writes()).isEmpty();
    assertThat(outcome.plan().conflicts()).hasSize(1);
    assertThat(outcome.done()).isFalse();
  }

  @Test
  void twoOwnersLeaveEachOtherAlone() {
    var files = all(file("shop", service("web", CONNECT)));
    Reconciler other = reconciler(agent, "other");
    reconciler.pass(files);
    other.pass(files);
    agent.writes();

    reconciler.pass(files);
    other.pass(files);

    assertThat(agent.writes()).isEmpty();
    assertThat(names(agent)).containsExactly("web", "web");
    assertThat(agent.holds().registrations())
        .extracting(held -> held.sidecar().orElseThrow().port())
        .doesNotHaveDuplicates();
  }

  @Test
  void anEntryThatSomebodyChangedIsMendedAtTheNextPass() {
    var files = all(file("shop", service("web", CONNECT)));
    reconciler.pass(files);
    Registration web = held(agent, "web");
    agent.hold(new Observed(List.of(web.withTags(List.of("canary"))), List.of(), List.of()));
    agent.writes();

    reconciler.pass(files);

    assertThat(agent.writes()).containsExactly("register " + web.id());
    assertThat(held(agent, "web")).isEqualTo(web);
  }

  @Test
  void lookingChangesNothing() throws Exception {
    View view = reconciler.look(all(file("shop", service("web"))));

    assertThat(view.plan().changes()).hasSize(1);
    assertThat(agent.trace()).containsExactly("observe", "facts");
  }

  @Test
  void whatIsAboutToBeDoneIsShownBeforeItIsDone() {
    List<String> seen = new ArrayList<>();

    reconciler.pass(
        all(file("shop", service("web"))),
        view ->
            seen.add(view.plan().changes().size() + " " + agent.holds().registrations().size()));

    assertThat(seen).containsExactly("1 0");
  }

  @Test
  void whoTheAgentIsIsAskedAgainAsLongAsTheTokenMayNotKnow() {
    agent.fail("facts", Kind.FORBIDDEN);
    var files = all(file("shop", service("web", CONNECT)));
    Outcome blind = reconciler.pass(files);
    agent.heal();

    Outcome seeing = reconciler.pass(files);

    assertThat(blind.desired().problems()).isNotEmpty();
    assertThat(seeing.done()).isTrue();
    assertThat(names(agent)).containsExactly("web");
    reconciler.pass(files);
    assertThat(agent.count("facts")).isEqualTo(2);
  }

  @Test
  void anAgentThatCannotBeReadIsAFailureOfThePass() {
    agent.fail("observe", Kind.FORBIDDEN);

    Outcome outcome = reconciler.pass(all(file("shop", service("web"))));

    assertThat(outcome.failures()).hasSize(1);
    assertThat(outcome.failures().get(0).id()).isEmpty();
    assertThat(agent.writes()).isEmpty();
    assertThat(Optional.of(outcome.done())).contains(false);
  }
}
