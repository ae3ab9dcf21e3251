package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.memory;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A gateway's configuration entry that the servers do not show, and whatever stands beside it. */
class UnreadEntryTest {
  private static final Snapshot SHOP =
      all(file("shop", gate("a"), gate("b"), gate("c"), service("web")));

  private final FakeAgent agent = new FakeAgent();
  private Duration now = Duration.ofHours(5);
  private final Ticker clock = () -> now;
  private final Reconciler reconciler =
      new Reconciler(agent, Settings.of("default"), memory(), Optional.empty(), clock);

  private static String gate(String name) {
    return service(
        name,
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
  }

  private void failing(Kind kind, String... gates) {
    for (String gate : gates) {
      agent.fail("config ingress-gateway/" + gate, kind);
    }
  }

  /** Does a pass, and returns which entries were asked for in it. */
  private List<String> asked() {
    agent.writes();
    reconciler.pass(SHOP);
    return agent.trace().stream()
        .filter(call -> call.startsWith("config "))
        .map(call -> call.replace("config ingress-gateway/", ""))
        .toList();
  }

  private static List<String> ids(List<Failure> failures) {
    return failures.stream().map(Failure::id).toList();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"UNREACHABLE", "FORBIDDEN"},
      mode = Mode.EXCLUDE)
  void itIsAFailureOfItsOwnAndKeepsNothingElseBack(Kind kind) {
    failing(kind, "c");

    Outcome outcome = reconciler.pass(SHOP);

    assertThat(ids(outcome.failures())).containsExactly("ingress-gateway/c");
    assertThat(outcome.failures().get(0).error().kind()).isEqualTo(kind);
    assertThat(outcome.done()).isFalse();
    assertThat(names(agent)).containsExactly("a", "b", "c", "web");
    assertThat(agent.writes())
        .contains("write ingress-gateway/a", "write ingress-gateway/b")
        .doesNotContain("write ingress-gateway/c");
  }

  @Test
  void whatIsGoneFromTheAgentIsWrittenAgainMeanwhile() {
    reconciler.pass(SHOP);
    failing(Kind.BROKEN, "a", "b", "c");
    agent.hold(new Observed(List.of(), List.of(), List.of(), agent.holds().entries()));

    reconciler.pass(SHOP);

    assertThat(names(agent)).containsExactly("a", "b", "c", "web");
  }

  @Test
  void anAgentThatIsAwayEndsThePass() {
    failing(Kind.UNREACHABLE, "a");

    Outcome outcome = reconciler.pass(SHOP);

    assertThat(ids(outcome.failures())).containsExactly("");
    assertThat(names(agent)).isEmpty();
  }

  @Test
  void afterOneThatTheServersDoNotAnswerNoOtherIsAskedForAndEachIsAFailure() {
    failing(Kind.TIMEOUT, "a", "b", "c");

    Outcome outcome = reconciler.pass(SHOP);

    assertThat(agent.trace()).filteredOn(call -> call.startsWith("config ")).hasSize(1);
    assertThat(ids(outcome.failures()))
        .containsExactly("ingress-gateway/a", "ingress-gateway/b", "ingress-gateway/c");
    assertThat(outcome.failures().get(1).error())
        .hasMessage("not asked, since TIMEOUT to config ingress-gateway/a");
  }

  @Test
  void oneThatIsRefusedSilencesNoOther() {
    failing(Kind.REFUSED, "a");

    assertThat(asked()).containsExactly("a", "b", "c");
  }

  @Test
  void passesBeforeItsTimeTellItAgainAndDoNotAsk() {
    failing(Kind.TIMEOUT, "a", "b", "c");
    Outcome first = reconciler.pass(SHOP);
    now = now.plusSeconds(4);

    assertThat(asked()).isEmpty();
    assertThat(ids(reconciler.pass(SHOP).failures())).isEqualTo(ids(first.failures()));
  }

  @Test
  void itIsAskedForAgainAfterPausesThatGrowAndIsThenWritten() {
    failing(Kind.TIMEOUT, "a", "b", "c");
    reconciler.pass(SHOP);
    for (int pause : List.of(15, 30, 60, 60)) {
      now = now.plusSeconds(pause - 1);
      assertThat(asked()).isEmpty();
      now = now.plusSeconds(1);
      assertThat(asked()).hasSize(1);
    }
    agent.heal();
    now = now.plusSeconds(60);

    assertThat(reconciler.pass(SHOP).done()).isTrue();
    assertThat(agent.holds().entries()).hasSize(3);
  }

  @Test
  void oneThatFailsAloneIsAskedForLastSoThatItKeepsNoOtherBack() {
    failing(Kind.BROKEN, "a");
    assertThat(asked()).containsExactly("a");
    now = now.plusSeconds(15);

    assertThat(asked()).containsExactly("b", "c", "a");

    assertThat(asked()).containsExactly("b", "c");
    assertThat(agent.holds().entries()).hasSize(2);
  }

  @Test
  void oneThatWasNotSentIsAskedForByTheNextPass() {
    failing(Kind.NOT_SENT, "a", "b", "c");

    assertThat(asked()).containsExactly("a");
    assertThat(asked()).containsExactly("b");
    agent.heal();
    assertThat(reconciler.pass(SHOP).done()).isTrue();
  }

  @Test
  void whoeverDoesSinglePassesAsksInEachOfThem() {
    Reconciler single = new Reconciler(agent, Settings.of("default"), Memory.of(memory()));
    failing(Kind.TIMEOUT, "a");

    single.pass(SHOP);
    single.pass(SHOP);

    assertThat(agent.count("config ingress-gateway/a")).isEqualTo(2);
  }

  @Test
  void whoOnlyLooksIsToldWhatCouldNotBeRead() throws AgentException {
    reconciler.pass(SHOP);
    failing(Kind.TIMEOUT, "b");

    View view = reconciler.look(SHOP);

    assertThat(view.plan().isEmpty()).isTrue();
    assertThat(ids(view.unread())).containsExactly("ingress-gateway/b", "ingress-gateway/c");
    agent.goAway();
    assertThatThrownBy(() -> reconciler.look(SHOP)).isInstanceOf(AgentException.class);
  }
}
