package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.plan.Consent;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.source.Source;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.FakeCatalog;
import dev.connectbridge.testing.Specs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bridges, started and not, whose source loses most of what it had. */
@Timeout(60)
class GuardedBridgeIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path top;
  private final FakeAgent agent = new FakeAgent();
  private final List<Bridge> bridges = new ArrayList<>();
  private volatile Snapshot files = groups(5);
  private final Source source = () -> files;

  private static Snapshot groups(int count) {
    List<Snapshot.File> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String job = Specs.job("name = \"s%d\"\nport = \"%d\"".formatted(i, 9001 + i));
      all.add(Specs.file("f%d.hcl".formatted(i), job.replaceFirst("job \"", "job \"j" + i)));
    }
    return new Snapshot(all, true, List.of());
  }

  private BridgeBuilder builder() {
    return Bridge.builder()
        .agent(agent, new FakeCatalog("node-1"))
        .source(source)
        .resync(Duration.ofHours(1))
        .runDirectory(top.resolve("run"));
  }

  private Bridge started() {
    Bridge bridge = builder().build();
    bridges.add(bridge);
    bridge.start();
    await().until(() -> agent.holds().registrations().size() == 5);
    return bridge;
  }

  @AfterEach
  void nothingRunsOn() {
    bridges.forEach(Bridge::close);
  }

  private Withheld lose(Bridge bridge) {
    files = groups(0);
    bridge.wake();
    await().until(() -> bridge.withheld().isPresent());
    return bridge.withheld().orElseThrow();
  }

  @Test
  void aStartedBridgeKeepsWhatItWasNotToldToLose() throws Exception {
    Bridge bridge = started();

    Withheld withheld = lose(bridge);

    assertThat(withheld.groups()).hasSize(5);
    assertThat(bridge.status().toCompletableFuture().get().drains()).isEmpty();
    assertThat(agent.holds().registrations()).hasSize(5);
    assertThatThrownBy(() -> bridge.approve("another")).hasMessageContaining(withheld.digest());
    assertThat(agent.holds().registrations()).hasSize(5);
  }

  @Test
  void afterApprovalItGoesWholeHoweverManyPassesThatTakes() {
    Bridge bridge = started();

    bridge.approve(lose(bridge).digest());

    await()
        .until(
            () -> {
              bridge.wake();
              return agent.holds().registrations().isEmpty();
            });
    await().until(() -> bridge.withheld().isEmpty());
  }

  @Test
  void whatSomebodyDrainsByNameIsNotGuarded() throws Exception {
    Bridge bridge = started();

    for (String group : List.copyOf(lose(bridge).groups())) {
      bridge.drainNow(group, Optional.of(SOON)).toCompletableFuture().get();
    }

    assertThat(agent.holds().registrations()).isEmpty();
  }

  @Test
  void whatIsWithheldStaysWhenOthersOfItAreDrainedByName() throws Exception {
    Bridge bridge = started();
    List<String> groups = List.copyOf(lose(bridge).groups());

    for (String group : groups.subList(0, 4)) {
      bridge.drainNow(group, Optional.of(SOON)).toCompletableFuture().get();
    }
    bridge.wake();

    await().until(() -> bridge.withheld().map(left -> left.groups().size()).orElse(0) == 1);
    assertThat(bridge.withheld().orElseThrow().why())
        .contains("what is left of more that was withheld");
    assertThat(agent.holds().registrations()).hasSize(1);
    bridge.approve("");
    await().until(() -> agent.holds().registrations().isEmpty());
  }

  @Test
  void theEndIsNotGuarded() {
    Bridge bridge = started();
    lose(bridge);

    bridge.close();

    assertThat(agent.holds().registrations()).isEmpty();
  }

  @Test
  void whileTheAgentIsAwayTheyStayAsWell() throws Exception {
    Bridge bridge = started();
    agent.goAway();

    lose(bridge);

    assertThat(bridge.status().toCompletableFuture().get().drains()).isEmpty();
    agent.heal();
    bridge.wake();
    await().until(() -> agent.trace().get(agent.trace().size() - 1).startsWith("watch"));
    assertThat(agent.holds().registrations()).hasSize(5);
  }

  @Test
  void aProgramMayConsentForOnePassOrForGood() {
    Bridge once = builder().build();
    bridges.add(once);
    once.runOnce();
    files = groups(0);
    assertThat(once.runOnce().withheld()).isPresent();
    assertThat(once.runOnce(Consent.GIVEN, view -> {}).done()).isTrue();
    assertThat(agent.holds().registrations()).isEmpty();
    files = groups(5);
    once.runOnce();

    Bridge always = builder().removals(Consent.GIVEN).build();
    bridges.add(always);
    files = groups(0);
    always.runOnce();

    assertThat(agent.holds().registrations()).isEmpty();
  }
}
