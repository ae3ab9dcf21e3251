package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.host.AnotherProcess;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.source.Source;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.FakeCatalog;
import dev.connectbridge.testing.Specs;
import dev.connectbridge.writer.Mandate.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BridgeTest {
  private static final Snapshot FILES =
      Specs.snapshot("shop.hcl", Specs.job("name = \"web\"\nport = \"9001\""));

  @TempDir private Path top;
  private final FakeAgent agent = new FakeAgent();
  private final List<String> calls = new ArrayList<>();
  private final List<Bridge> bridges = new ArrayList<>();

  private final Source source =
      new Source() {
        @Override
        public Snapshot read() {
          return FILES;
        }

        @Override
        public void close() {
          calls.add("close source");
        }
      };

  private BridgeBuilder builder() {
    return Bridge.builder()
        .agent(agent, new FakeCatalog("node"))
        .source(source)
        .runDirectory(top.resolve("run"));
  }

  private Bridge bridge() {
    return kept(builder().build());
  }

  private Bridge kept(Bridge bridge) {
    bridges.add(bridge);
    return bridge;
  }

  @AfterEach
  void nothingRunsOn() {
    bridges.forEach(Bridge::close);
  }

  private void awaitRegistered() {
    await().until(() -> agent.trace().stream().anyMatch(call -> call.startsWith("register ")));
  }

  private String watch() {
    awaitRegistered();
    return "watch " + agent.holds().registrations().get(0).id();
  }

  private Bridge started() throws InterruptedException {
    Bridge bridge = bridge();
    bridge.start();
    awaitRegistered();
    return bridge;
  }

  @Test
  void startingTwiceIsStartingOnce() throws InterruptedException {
    Bridge bridge = started();

    bridge.start();
    bridge.close();

    assertThat(agent.trace().stream().filter(call -> call.startsWith("register "))).hasSize(1);
  }

  @Test
  void closingDeregistersAndClosesTheSource() throws InterruptedException {
    Bridge bridge = started();

    bridge.close();

    assertThat(agent.holds().registrations()).isEmpty();
    assertThat(agent.trace()).anyMatch(call -> call.startsWith("register "));
    assertThat(calls).containsExactly("close source");
    assertThat(bridge.await()).isTrue();
  }

  @Test
  void closingTwiceIsClosingOnce() throws InterruptedException {
    Bridge bridge = started();

    bridge.close();
    int calledBefore = agent.trace().size();
    agent.carry("another token");
    bridge.wake();
    boolean heard = agent.tellWatcher();
    bridge.close();

    assertThat(heard).isFalse();
    await()
        .during(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(20))
        .until(() -> agent.trace().size() == calledBefore);
    assertThat(calls).containsExactly("close source");
  }

  @Test
  void closingWhatWasNeverStartedTouchesNothing() {
    Bridge bridge = bridge();
    bridge.runOnce();
    agent.writes();

    bridge.close();

    assertThat(agent.trace()).isEmpty();
    assertThat(agent.holds().registrations()).hasSize(1);
    assertThat(calls).containsExactly("close source");
  }

  @Test
  void whatIsClosedDoesNotStartAgain() throws InterruptedException {
    Bridge bridge = started();
    bridge.close();

    assertThatThrownBy(bridge::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the bridge is closed: build another one");
    assertThatThrownBy(bridge::runOnce).hasMessage("the bridge is closed: build another one");
    assertThatThrownBy(bridge::plan).hasMessage("the bridge is closed: build another one");
  }

  @Test
  void whatWasClosedBeforeItsStartDoesNotStart() {
    Bridge bridge = bridge();
    bridge.close();

    assertThatThrownBy(bridge::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void leavingLeavesWhatIsRegistered() throws InterruptedException {
    Bridge bridge = kept(builder().leaveOnExit(true).build());
    bridge.start();
    awaitRegistered();

    bridge.close();

    assertThat(agent.holds().registrations()).hasSize(1);
    assertThat(bridge.await()).isTrue();
  }

  @Test
  void onePassByHandIsRefusedWhileItIsStarted() throws InterruptedException {
    Bridge bridge = started();

    assertThatThrownBy(bridge::runOnce)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the bridge is started: its own thread does the passes");
    assertThatThrownBy(bridge::plan).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void ofTwoBridgesOfOneOwnerOnOneMachineTheSecondWaits() throws InterruptedException {
    Bridge first = started();
    Bridge second = bridge();

    assertThat(second.isStartedElsewhere()).isTrue();
    second.start();
    assertThat(first.mandate().state()).isEqualTo(State.ALONE);
    await().until(() -> second.mandate().state() == State.STANDBY);
    assertThatThrownBy(second::status)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the bridge does not work: another bridge of this owner runs on this machine");

    first.close();
    String register =
        agent.trace().stream()
            .filter(call -> call.startsWith("register "))
            .findFirst()
            .orElseThrow();
    agent.await(register, 2);
    assertThat(second.mandate().state()).isEqualTo(State.ALONE);
  }

  @Test
  void whoeverWaitsEndsAtOnceAndRemovesNothing() throws InterruptedException {
    started();
    Bridge second = bridge();
    second.start();
    second.close();

    assertThat(second.await()).isTrue();
    assertThat(agent.writes()).noneMatch(asked -> asked.contains("deregister"));
  }

  @Test
  void twoBridgesDoNotShareADataDirectory() throws InterruptedException {
    Path data = top.resolve("data");
    Bridge first = kept(builder().dataDirectory(data).build());
    Bridge second = kept(builder().owner("other").dataDirectory(data).build());
    first.start();

    assertThatThrownBy(second::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the data directory %s is in use by another bridge; each needs its own"
                .formatted(data));
    assertThat(second.isStartedElsewhere()).isFalse();

    first.close();
    second.start();
    assertThat(second.isStartedElsewhere()).isTrue();
  }

  /** The directory was removed, and another bridge has begun in the one that was made anew. */
  @Test
  void aBridgeWhoseDataDirectoryAnotherHasNowStepsDownAndComesBack() throws Exception {
    Path data = top.resolve("data");
    Bridge bridge = kept(builder().dataDirectory(data).build());
    bridge.start();
    agent.await("observe", 1);

    try (AnotherProcess robber = AnotherProcess.robbing(data)) {
      assertThat(robber).isNotNull();
      await().until(() -> bridge.mandate().state() == State.STANDBY);
      await().until(() -> !bridge.isWorking());
      assertThat(agent.writes()).noneMatch(asked -> asked.contains("deregister"));
    }

    await().until(bridge::isWorking);
  }

  @Test
  void aDataDirectoryThatWasRemovedIsStillOneBridgesOwn() throws Exception {
    Path data = top.resolve("data");
    Bridge bridge = kept(builder().dataDirectory(data).build());
    bridge.start();
    Files.delete(data.resolve("lock"));

    await().until(() -> Files.exists(data.resolve("lock")));

    await().until(() -> bridge.mandate().state() == State.ALONE);
  }

  @Test
  void bridgesOfTwoOwnersStartBesideEachOther() throws InterruptedException {
    started();
    Bridge other = kept(builder().owner("other").build());

    other.start();

    agent.await("facts", 2);
  }

  @Test
  void aPassByHandLooksOnceAndNeverAgain() {
    Bridge bridge = bridge();
    agent.fail("observe", Kind.BROKEN);
    assertThat(bridge.runOnce().done()).isFalse();
    assertThat(agent.count("observe")).isEqualTo(1);

    agent.heal();
    assertThat(bridge.runOnce().done()).isTrue();
    assertThat(agent.count("observe")).isEqualTo(2);
  }

  @Test
  void wakingIsAPass() throws InterruptedException {
    Bridge bridge = kept(builder().resync(Duration.ofHours(1)).build());
    bridge.start();
    agent.await(watch(), 1);
    long before = agent.count("observe");

    bridge.wake();

    agent.await(watch(), 2);
    assertThat(agent.count("observe")).isEqualTo(before + 1);
  }

  @Test
  void planningChangesNothingAndOnePassDoesIt() throws Exception {
    Bridge bridge = bridge();

    assertThat(bridge.plan().plan().changes()).hasSize(1);
    assertThat(agent.holds().registrations()).isEmpty();
    assertThat(bridge.runOnce().done()).isTrue();
    assertThat(agent.holds().registrations()).hasSize(1);
  }

  @Test
  void thePortsAreKeptInTheDataDirectory() {
    Snapshot dynamic = Specs.snapshot("shop.hcl", Specs.job("name = \"web\"\nport = \"http\""));
    kept(builder().source(() -> dynamic).dataDirectory(top.resolve("data")).build()).runOnce();
    int port = agent.holds().registrations().get(0).port();

    assertThat(top.resolve("data/ports-default")).content().contains("/http " + port);
  }

  @Test
  void aBridgeNeedsASourceAndARangeOfPorts() {
    assertThatThrownBy(() -> Bridge.builder().build()).hasMessage("a bridge needs a source");
    assertThatThrownBy(() -> Bridge.builder().ports(2, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
