package dev.connectbridge.reconcile;

import static dev.connectbridge.reconcile.Shop.CONNECT;
import static dev.connectbridge.reconcile.Shop.all;
import static dev.connectbridge.reconcile.Shop.file;
import static dev.connectbridge.reconcile.Shop.id;
import static dev.connectbridge.reconcile.Shop.names;
import static dev.connectbridge.reconcile.Shop.reconciler;
import static dev.connectbridge.reconcile.Shop.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.converge.ConvergenceBook;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.source.Source;
import dev.connectbridge.testing.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@Timeout(60)
class LoopTest {
  private static final Duration RESYNC = Duration.ofHours(1);

  private final FakeAgent agent = new FakeAgent();
  private Snapshot files = all(file("shop", service("web", CONNECT)));
  private Loop loop = loop(false);
  private Thread thread = new Thread(() -> {});

  /** Each look at the agent takes four seconds. */
  private Loop loop(boolean leave) {
    Source source = () -> files;
    return new Loop(
        agent,
        source,
        reconciler(agent),
        RESYNC,
        leave,
        Optional.empty(),
        new ConvergenceBook("default"),
        () -> Duration.ofSeconds(4L * agent.count("observe")));
  }

  private void start() {
    thread = new Thread(loop, "loop under test");
    thread.start();
  }

  private void stop() throws InterruptedException {
    loop.stop();
    thread.join(10_000);
    assertThat(thread.isAlive()).isFalse();
  }

  @AfterEach
  void nothingRunsOn() throws InterruptedException {
    agent.heal();
    stop();
  }

  @Test
  void aQuietPassWaitsForTheResync() {
    assertThat(loop.turn()).isEqualTo(RESYNC);
    assertThat(loop.turn()).isEqualTo(RESYNC);
  }

  @Test
  void anAgentThatIsAwayIsAskedAgainSoon() {
    agent.goAway();

    for (int i = 0; i < 20; i++) {
      assertThat(loop.turn()).isBetween(Duration.ofMillis(1), Duration.ofMillis(1100));
    }
  }

  @Test
  void anAgentThatFailsIsLeftInPeaceLonger() {
    agent.fail("observe", Kind.BROKEN);

    Duration longest = Duration.ZERO;
    for (int i = 0; i < 20; i++) {
      Duration wait = loop.turn();
      longest = wait.compareTo(longest) > 0 ? wait : longest;
    }

    assertThat(longest).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(45));
  }

  @Test
  void whatTheAgentRefusesForGoodWaitsForTheResync() {
    agent.fail("observe", Kind.FORBIDDEN);

    assertThat(loop.turn()).isEqualTo(RESYNC);
  }

  @Test
  void aSourceThatThrowsDoesNotEndTheLoop() {
    files = null;

    assertThat(loop.turn()).isEqualTo(RESYNC);
  }

  @Test
  void theWatchIsOnAnEntryThatTheAgentHolds() {
    files = all(file("shop", service("a"), service("b"), service("c")));
    loop.turn();
    String refused = id(agent, "a");
    String taken = id(agent, "b");
    String held = id(agent, "c");
    agent.hold(new Observed(List.of(), List.of(), List.of(new Foreign(taken, "b", 1))));
    agent.fail("register " + refused, Kind.FORBIDDEN);
    agent.writes();

    loop.turn();

    assertThat(agent.trace()).endsWith("watch " + held);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"UNREACHABLE", "NOT_SENT"})
  void anEntryThatCouldNotBeUpdatedIsStillWatched(Kind kind) {
    loop.turn();
    String web = id(agent, "web");
    agent.fail("register " + web, kind);
    files = all(file("shop", service("web", CONNECT, "tags = [\"new\"]\n")));

    loop.turn();

    assertThat(agent.trace()).endsWith("watch " + web);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNREACHABLE", "NOT_SENT"})
  void anAgentThatWentAwayInTheMidstOfAPassIsAskedSoonAndNotWatched(Kind kind) {
    loop.turn();
    agent.fail("register " + id(agent, "web"), kind);
    files = all(file("shop", service("web", CONNECT, "tags = [\"new\"]\n")));
    agent.writes();

    Duration wait = loop.turn();

    assertThat(wait).isLessThan(Duration.ofSeconds(1));
    assertThat(agent.trace()).noneMatch(call -> call.startsWith("watch"));
  }

  @Test
  void whereTheAgentHoldsNothingOfOursNothingIsWatched() {
    loop.turn();
    String web = id(agent, "web");
    agent.hold(Observed.NOTHING);
    agent.fail("register " + web, Kind.FORBIDDEN);
    agent.writes();

    loop.turn();

    assertThat(agent.trace()).endsWith("unwatch").doesNotContain("watch " + web);
  }

  @Test
  void anEntryThatIsRefusedDoesNotMakeTheLoopSpin() throws InterruptedException {
    loop.turn();
    agent.fail("register " + id(agent, "web"), Kind.FORBIDDEN);
    agent.hold(Observed.NOTHING);
    agent.writes();
    start();
    agent.await("observe", 1);

    for (int passes = 2; passes <= 4; passes++) {
      agent.await("unwatch", passes - 1);
      loop.wake();
      agent.await("observe", passes);
    }

    agent.await("unwatch", 4);
    // the first pass finds it missing, and looks three times more
    assertThat(agent.count("observe")).isEqualTo(7);
  }

  @Test
  void anotherTokenIsAPassSoonThoughNobodyWakesTheLoop() throws InterruptedException {
    agent.carry("weak");
    start();
    agent.await("observe", 1);

    agent.carry("strong");

    agent.await("observe", 2);
  }

  @Test
  void anotherTokenOfAServiceThatWasRefusedIsAPassSoon() throws InterruptedException {
    loop.turn();
    String register = "register " + id(agent, "web");
    agent.carry("web", "weak");
    agent.fail(register, Kind.FORBIDDEN);
    agent.hold(Observed.NOTHING);
    agent.writes();
    start();
    agent.await(register, 1);
    agent.heal();

    agent.carry("web", "strong");

    agent.await(register, 2);
  }

  @Test
  void newsFromTheWatchIsOnePassAndArmsItAgain() throws InterruptedException {
    start();
    String watch = "watch " + awaitWeb();
    agent.await(watch, 1);

    assertThat(agent.tellWatcher()).isTrue();

    agent.await(watch, 2);
    assertThat(agent.count("observe")).isEqualTo(2);
  }

  @Test
  void anEmptyAgentIsFilledAgainAsSoonAsTheWatchTells() throws InterruptedException {
    start();
    String web = awaitWeb();
    agent.await("watch " + web, 1);
    agent.hold(Observed.NOTHING);

    agent.tellWatcher();

    agent.await("register " + web, 2);
    assertThat(names(agent)).containsExactly("web");
  }

  @Test
  void aBurstOfWakesIsOnePass() throws InterruptedException {
    start();
    agent.await("watch " + awaitWeb(), 1);

    for (int i = 0; i < 1000; i++) {
      loop.wake();
    }

    agent.await("watch " + id(agent, "web"), 2);
    stop();
    // The first, the one for the burst, and two of the drain: one that removes, one that looks.
    // Where
    // nothing runs for a while in the midst of the burst, it is two.
    assertThat(agent.count("observe")).isBetween(4L, 8L);
  }

  @Test
  void stoppingRemovesWhatIsOurs() throws InterruptedException {
    start();
    awaitWeb();

    stop();

    assertThat(names(agent)).isEmpty();
    assertThat(loop.drained()).isTrue();
  }

  @Test
  void leavingLeavesIt() throws InterruptedException {
    loop = loop(true);
    start();
    awaitWeb();

    stop();

    assertThat(names(agent)).containsExactly("web");
    assertThat(loop.drained()).isTrue();
  }

  @Test
  void drainingTriesUntilTheAgentIsBack() throws InterruptedException {
    start();
    String web = awaitWeb();
    agent.await("watch " + web, 1);
    agent.fail("deregister " + web + "-sidecar-proxy", Kind.UNREACHABLE);

    loop.stop();
    agent.await("deregister " + web + "-sidecar-proxy", 2);
    agent.heal();
    stop();

    assertThat(names(agent)).isEmpty();
    assertThat(loop.drained()).isTrue();
  }

  @Test
  void drainingGivesUpAtItsEndAndSaysSo() throws InterruptedException {
    start();
    String web = awaitWeb();
    agent.await("watch " + web, 1);
    agent.goAway();

    stop();

    assertThat(loop.drained()).isFalse();
    assertThat(names(agent)).containsExactly("web");
    assertThat(agent.count("observe")).isGreaterThan(2);
  }

  @Test
  void aLoopThatIsInterruptedHasNotDrained() throws InterruptedException {
    start();
    agent.await("watch " + awaitWeb(), 1);

    thread.interrupt();
    thread.join(10_000);

    assertThat(loop.drained()).isFalse();
  }

  @Test
  void aSourceThatCannotBeWatchedIsReadAllTheSame() throws InterruptedException {
    Source unwatched =
        new Source() {
          @Override
          public Snapshot read() {
            return files;
          }

          @Override
          public void onChange(Runnable changed) {
            throw new java.io.UncheckedIOException(
                new java.io.IOException("User limit of inotify instances reached"));
          }
        };
    loop =
        new Loop(
            agent,
            unwatched,
            reconciler(agent),
            RESYNC,
            false,
            Optional.empty(),
            new ConvergenceBook("me"));
    start();

    assertThat(awaitWeb()).isNotEmpty();
  }

  private String awaitWeb() throws InterruptedException {
    agent.await("facts", 1);
    String web =
        reconciler(new FakeAgent())
            .pass(files)
            .desired()
            .workloads()
            .get(0)
            .registration()
            .id()
            .value();
    agent.await("register " + web, 1);
    return web;
  }
}
