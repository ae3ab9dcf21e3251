package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.held;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Drift;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Entries of ours in the hands of others. */
class DriftTest {
  private static final Snapshot SHOP = all(file("shop", service("web", CONNECT)));

  private final FakeAgent agent = new FakeAgent();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Drifts.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Duration now = Duration.ZERO;
  private Reconciler reconciler = with(Drift.REVERT);

  private Reconciler with(Drift drift) {
    Ticker ticker =
        new Ticker() {
          @Override
          public Duration now() {
            return now;
          }

          @Override
          public void pause(Duration time) {}
        };
    return new Reconciler(
        agent,
        new Settings("default", Node.UNKNOWN, 20000, 32000, Choices.NONE, Consent.NONE, drift),
        Shop.memory(),
        Optional.empty(),
        ticker);
  }

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(log);
  }

  private void edit(String tag) {
    Registration web = held(agent, "web");
    agent.hold(new Observed(List.of(web.withTags(List.of(tag))), List.of(), List.of()));
    agent.writes();
  }

  private List<String> told() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private String web() {
    return held(agent, "web").id().value();
  }

  @Test
  void anEditIsRevertedAndToldWithBeforeAndAfter() {
    reconciler.pass(SHOP);
    Registration written = held(agent, "web");

    edit("theirs");
    reconciler.pass(SHOP);
    reconciler.pass(SHOP);

    assertThat(held(agent, "web")).isEqualTo(written);
    assertThat(told())
        .singleElement()
        .asString()
        .isEqualTo(
            web() + " is no longer as it was written (reverted): tags: (none) -> [\"theirs\"]");
  }

  @Test
  void anEditThatIsOnlyReportedStaysUntilTheSpecChanges() {
    reconciler = with(Drift.REPORT);
    reconciler.pass(SHOP);

    edit("theirs");
    reconciler.pass(SHOP);
    reconciler.pass(SHOP);
    assertThat(agent.writes()).isEmpty();
    assertThat(told()).hasSize(1);

    edit("others");
    with(Drift.REPORT).pass(SHOP);
    assertThat(agent.writes()).isEmpty();
    reconciler.pass(all(file("shop", service("web", CONNECT, "tags = [\"new\"]\n"))));
    assertThat(held(agent, "web").tags()).containsExactly("new");
  }

  @Test
  void tagsAreKeptAndTheRestIsReverted() {
    reconciler = with(Drift.KEEP_TAGS);
    reconciler.pass(SHOP);
    Registration web = held(agent, "web");

    edit("theirs");
    reconciler.pass(SHOP);
    assertThat(agent.writes()).isEmpty();

    Registration worse =
        new Registration(
            web.id(),
            web.name(),
            List.of("theirs"),
            web.enableTagOverride(),
            "10.9.9.9",
            web.port(),
            web.taggedAddresses(),
            web.weights(),
            web.meta(),
            web.marks(),
            web.checks(),
            web.role(),
            web.sidecar());
    agent.hold(new Observed(List.of(worse), List.of(), List.of()));
    reconciler.pass(SHOP);

    assertThat(held(agent, "web")).isEqualTo(web.withTags(List.of("theirs")).asHeld());
  }

  @Test
  void whoeverChangesItAThirdTimeIsGivenWayTo() {
    reconciler.pass(SHOP);
    for (int edits = 1; edits <= 2; edits++) {
      edit("edit" + edits);
      reconciler.pass(SHOP);
      assertThat(agent.writes()).hasSize(1);
    }

    edit("edit3");
    reconciler.pass(SHOP);
    reconciler.pass(SHOP);

    assertThat(agent.writes()).isEmpty();
    assertThat(reconciler.fights()).containsOnlyKeys(web());
    assertThat(told())
        .filteredOn(line -> line.startsWith("ALARM: " + web()))
        .singleElement(STRING)
        .contains("changed by somebody else 3 times", "connect-bridge adopt " + web());
  }

  @Test
  void nobodyFightsOverWhatIsNotWrittenAnyway() {
    for (Drift drift : List.of(Drift.REPORT, Drift.KEEP_TAGS)) {
      reconciler = with(drift);
      reconciler.pass(SHOP);
      for (int edits = 1; edits <= 4; edits++) {
        edit("edit" + edits);
        reconciler.pass(SHOP);
      }

      assertThat(reconciler.fights()).describedAs("%s", drift).isEmpty();
    }
  }

  @Test
  void anAgentThatForgetsAllAgainAndAgainIsNoAlarm() {
    for (int times = 1; times <= 5; times++) {
      reconciler.pass(SHOP);
      agent.hold(Observed.NOTHING);
    }
    reconciler.pass(SHOP);

    assertThat(agent.holds().registrations()).isNotEmpty();
    assertThat(reconciler.fights()).isEmpty();
    assertThat(told()).noneMatch(line -> line.contains("ALARM"));
  }

  private void fight() {
    reconciler.pass(SHOP);
    for (int edits = 1; edits <= 3; edits++) {
      edit("edit" + edits);
      reconciler.pass(SHOP);
    }
    assertThat(reconciler.fights()).isNotEmpty();
    agent.writes();
  }

  @Test
  void aSpecThatChangesEndsAFight() {
    fight();

    reconciler.pass(all(file("shop", service("web", CONNECT, "tags = [\"new\"]\n"))));

    assertThat(held(agent, "web").tags()).containsExactly("new");
    assertThat(reconciler.fights()).isEmpty();
  }

  @Test
  void toAdoptItEndsAFight() {
    fight();

    CompletableFuture<List<String>> adopted = reconciler.adopt(web());
    reconciler.pass(SHOP);

    assertThat(adopted).isCompletedWithValue(List.of(web()));
    assertThat(held(agent, "web").tags()).isEmpty();
    assertThat(reconciler.fights()).isEmpty();
  }

  @Test
  void toForgetItEndsAFight() {
    fight();

    CompletableFuture<List<String>> forgotten = reconciler.forget(web());
    reconciler.pass(SHOP);

    assertThat(forgotten.join()).contains("the fight over it");
    assertThat(reconciler.fights()).isEmpty();
  }

  @Test
  void editsThatAreFarApartAreNoFight() {
    reconciler.pass(SHOP);
    for (int edits = 1; edits <= 6; edits++) {
      edit("edit" + edits);
      reconciler.pass(SHOP);
      now = now.plusMinutes(11);
    }

    assertThat(held(agent, "web").tags()).isEmpty();
    assertThat(reconciler.fights()).isEmpty();
  }

  @Test
  void aForeignEntryUnderOurIdIsTakenWhenSomebodySaysSo() {
    reconciler.pass(SHOP);
    Registration written = held(agent, "web");
    agent.hold(new Observed(List.of(), List.of(), List.of(new Foreign(web(), "web", 80))));
    agent.writes();
    reconciler.pass(SHOP);
    assertThat(agent.writes()).isEmpty();

    var unused = reconciler.adopt(written.id().value());
    Outcome outcome = reconciler.pass(SHOP);

    assertThat(outcome.done()).isTrue();
    assertThat(held(agent, "web")).isEqualTo(written);
  }

  @Test
  void whatIsInNobodysHandsCannotBeTaken() {
    reconciler.pass(SHOP);
    CompletableFuture<List<String>> ours = reconciler.adopt(web());
    CompletableFuture<List<String>> unknown = reconciler.adopt(web() + "x");
    CompletableFuture<List<String>> foreign = reconciler.adopt("consul");

    reconciler.pass(SHOP);

    assertThatThrownBy(ours::join).hasMessageContaining("is in nobody else's hands");
    assertThatThrownBy(unknown::join).hasMessageContaining("no spec wants");
    assertThatThrownBy(foreign::join).hasMessageContaining("no ID of ours: consul");
  }

  @Test
  void whatIsReleasedStaysAndIsNotOursUntilItsSpecChanges() {
    reconciler.pass(SHOP);
    Registration written = held(agent, "web");
    agent.writes();

    CompletableFuture<List<String>> released = reconciler.release("shop/api[0]");
    Outcome outcome = reconciler.pass(SHOP);
    reconciler.pass(SHOP);

    assertThat(released.join()).containsExactly(written.id().sidecar(), written.id().value());
    assertThat(agent.writes()).isEmpty();
    assertThat(agent.holds().foreign()).hasSize(2);
    assertThat(outcome.done()).isTrue();

    reconciler.pass(all(file("shop", service("web", CONNECT, "tags = [\"new\"]\n"))));
    assertThat(held(agent, "web").tags()).containsExactly("new");
  }

  @Test
  void whatIsReleasedAndNoLongerWantedStays() {
    reconciler.pass(SHOP);
    var unused = reconciler.release(web());
    reconciler.pass(SHOP);
    agent.writes();

    reconciler.pass(all());

    assertThat(agent.writes()).isEmpty();
    assertThat(agent.holds().foreign()).hasSize(2);
  }

  @Test
  void whatIsNotThereCannotBeReleased() {
    reconciler.pass(SHOP);

    CompletableFuture<List<String>> released = reconciler.release("other/api[0]");
    reconciler.pass(SHOP);

    assertThatThrownBy(released::join).hasMessageContaining("nothing of ours at the agent");
  }
}
