package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.testing.Proxied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves, leaves in order. */
class SupervisorTest {
  private static final Duration MOMENT = Duration.ofMillis(20);

  @TempDir private Path temp;
  private World world;
  private String task;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
  }

  private static String job(String group, String sidecarTask, String tag) {
    return Proxied.of("shop", "cart", 9001)
        .inGroup(group)
        .inService("tags = [\"%s\"]".formatted(tag))
        .inTask(sidecarTask)
        .hcl();
  }

  private void runs(String group, String sidecarTask) {
    world.file("shop.hcl", job(group, sidecarTask, "v1")).settle();
    assertThat(world.driver().running()).hasSize(1);
    task = world.driver().running().get(0);
  }

  private List<String> signals() {
    return world.driver().trace().stream()
        .filter(call -> call.startsWith("signal") || call.startsWith("kill"))
        .toList();
  }

  private String service() {
    return world.agent().holds().registrations().get(0).id().value();
  }

  @Test
  void theSignalComesAfterBothDelaysAndTheProofStandsInTheReceipt() {
    runs("shutdown_delay = \"3s\"", "shutdown_delay = \"2s\"");
    world.file("shop.hcl", null).settle();

    assertThat(world.held()).isEmpty();
    world.after(Duration.ofMillis(4900));
    assertThat(signals()).isEmpty();
    world.after(Duration.ofMillis(120));
    assertThat(signals()).containsExactly("signal " + task);
    world.after(MOMENT);
    assertThat(world.receipts()).hasSize(1);
    assertThat(world.receipts().get(0))
        .contains("\"proven\":true", "\"group\":\"shop.api[0]\"", "\"signal_ms\":500");
    assertThat(world.driver().trace()).endsWith("forget " + task);
  }

  @Test
  void withoutAnyDelayTheProofStillComesFirst() {
    runs("", "shutdown_delay = 0");
    world.serversFollow(false);
    world.file("shop.hcl", null).settle();

    world.after(Duration.ofSeconds(1));
    assertThat(signals()).isEmpty();

    world.serversFollow(true);
    world.after(MOMENT);
    assertThat(signals()).containsExactly("signal " + task);
  }

  @Test
  void aDrainThatCannotBeProvenSignalsAtTheFloorAndSaysWhy() {
    runs("", "shutdown_delay = 0");
    world.serversFollow(false);
    world.file("shop.hcl", null).settle();

    world.after(Duration.ofMillis(1990));
    assertThat(signals()).isEmpty();
    world.after(MOMENT).after(MOMENT);
    assertThat(signals()).containsExactly("signal " + task);
    assertThat(world.receipts().get(0))
        .contains("\"verdict\":\"NOT_PROVEN\"", "\"reason\":\"the catalog still holds it\"");
  }

  @Test
  void anAgentThatIsAwayKeepsNoProxyAliveAndIsToldLater() {
    runs("", "shutdown_delay = 0");
    String refused = "deregister " + service() + "-sidecar-proxy";
    world.agent().fail(refused, AgentException.Kind.UNREACHABLE);
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(3));

    assertThat(signals()).containsExactly("signal " + task);
    assertThat(world.held()).containsExactly("cart");

    world.agent().heal();
    world.after(Duration.ofSeconds(2));

    assertThat(world.held()).isEmpty();
    assertThat(world.receipts()).hasSize(1);
  }

  @Test
  void aDrainThatOutlivedTheRecordOfItsTaskEndsAllTheSame() throws IOException {
    runs("", "shutdown_delay = 0");
    world.serversFollow(false);
    world.file("shop.hcl", null).settle();
    Files.delete(temp.resolve("data/tasks/" + task + ".json"));

    world.boot().serversFollow(true);
    world.settle().after(Duration.ofSeconds(10));
    assertThat(world.receipts()).hasSize(1);

    world.file("shop.hcl", job("", "", "v1")).settle();
    assertThat(world.driver().running()).containsExactly(task);
  }

  @Test
  void whatASpecLetsGoLeavesAlsoWhileTheAgentCannotBeRead() {
    runs("", "shutdown_delay = 0");
    world.agent().goAway();
    world.file("shop.hcl", null).settle();
    world.pass();
    world.after(Duration.ofSeconds(3));

    assertThat(signals()).containsExactly("signal " + task);
    assertThat(world.receipts()).hasSize(1);
    assertThat(world.receipts().get(0)).contains("\"verdict\":\"NOT_PROVEN\"");

    world.agent().heal();
    world.after(Duration.ofSeconds(2)).settle();

    assertThat(world.held()).isEmpty();
    assertThat(world.receipts()).hasSize(1);
  }

  @Test
  void aFileThatCannotBeReadLetsNothingGoThoughTheAgentIsAwayToo() {
    runs("", "shutdown_delay = 0");
    world.agent().goAway();
    world.file("shop.hcl", "job {").settle().after(Duration.ofSeconds(3));

    assertThat(signals()).isEmpty();
  }

  @Test
  void aStubbornProxyIsEndedWhenItsTimeIsOver() {
    runs("", "shutdown_delay = 0\nkill_timeout = \"3s\"\nkill_signal = \"SIGQUIT\"");
    world.driver().makeStubborn(task);
    world.file("shop.hcl", null).settle();

    world.after(Duration.ofMillis(2900));
    assertThat(signals()).containsExactly("signal " + task + " SIGQUIT");
    world.after(Duration.ofMillis(700));
    assertThat(signals()).containsExactly("signal " + task + " SIGQUIT", "kill " + task);
    assertThat(world.receipts().get(0)).contains("\"kill_ms\":30", "\"exit\":\"signal 9\"");
  }

  @Test
  void aGroupThatIsWantedAgainInTimeKeepsItsProxy() {
    runs("shutdown_delay = \"10s\"", "");
    world.file("shop.hcl", null).settle();
    assertThat(world.held()).isEmpty();

    world.file("shop.hcl", job("shutdown_delay = \"10s\"", "", "v1")).settle();
    world.after(Duration.ofMinutes(1));

    assertThat(world.held()).containsExactly("cart");
    assertThat(world.driver().trace()).containsExactly("start " + task);
    assertThat(world.receipts().get(0)).contains("\"verdict\":\"CANCELLED\"");
  }

  @Test
  void afterTheSignalThereIsANewProxyOnceTheOldOneIsGone() {
    runs("", "shutdown_delay = 0\nkill_timeout = \"5s\"");
    world.driver().makeStubborn(task);
    world.file("shop.hcl", null).settle();
    assertThat(signals()).hasSize(1);

    world.file("shop.hcl", job("", "shutdown_delay = 0\nkill_timeout = \"5s\"", "v1")).settle();
    world.after(Duration.ofSeconds(1));
    assertThat(world.held()).isEmpty();

    world.after(Duration.ofSeconds(6)).settle();
    assertThat(world.held()).containsExactly("cart");
    assertThat(world.driver().trace())
        .containsExactly(
            "start " + task, "signal " + task, "kill " + task, "forget " + task, "start " + task);
  }

  @Test
  void aDrainGoesOnAfterTheBridgeWasKilledWithItsOldTimes() {
    runs("shutdown_delay = \"10s\"", "shutdown_delay = 0");
    world.file("shop.hcl", null).settle();
    world.after(Duration.ofSeconds(4));

    world.boot().settle().after(Duration.ofMillis(5900));
    assertThat(signals()).isEmpty();
    world.after(Duration.ofMillis(200)).after(MOMENT);

    assertThat(signals()).containsExactly("signal " + task);
    assertThat(world.receipts()).hasSize(1);
  }

  @Test
  void aDrainInAHurryHasNoDelays() {
    runs("shutdown_delay = \"60s\"", "shutdown_delay = \"60s\"");

    var unused = world.supervisor().drain("shop/api[0]", true, Optional.empty());
    world.after(MOMENT);

    assertThat(signals()).hasSize(1);
  }

  @Test
  void aGroupThatNobodyKnowsCannotBeDrained() {
    CompletableFuture<DrainReceipt> receipt =
        world.supervisor().drain("shop/none[0]", false, Optional.empty());
    world.settle();

    assertThat(receipt).isCompletedExceptionally();
  }

  @Test
  void aGroupThatNobodyKnowsIsToldFromThoseThatAreKnown() {
    runs("", "");

    CompletableFuture<DrainReceipt> receipt =
        world.supervisor().drain("shop/apo[0]", false, Optional.empty());
    CompletableFuture<Boolean> resumed = world.supervisor().resume("shop.none[0]");
    CompletableFuture<Boolean> known = world.supervisor().resume("shop.api[0]");
    world.settle();

    assertThatThrownBy(receipt::join)
        .hasRootCauseMessage(
            "no group is called \"shop/apo[0]\"; did you mean \"shop.api[0]\"?"
                + " (there are shop.api[0])");
    assertThat(resumed).isCompletedExceptionally();
    assertThat(known).isCompletedWithValue(false);
  }

  @Test
  void whereSoIsDecidedTheSidecarTurnsCriticalFirst() {
    world.with(new DrainPolicy(Duration.ofSeconds(2), Optional.empty(), true));
    runs("", "");
    String sidecar = service() + "-sidecar-proxy";
    world.file("shop.hcl", null).settle();

    assertThat(world.agent().trace())
        .anyMatch(call -> call.startsWith("maintain " + sidecar))
        .contains("deregister " + sidecar);
  }

  @Test
  void toStopIsToDrainEverything() {
    runs("", "shutdown_delay = 0");

    world.stop().after(MOMENT);

    assertThat(world.held()).isEmpty();
    assertThat(signals()).hasSize(1);
    assertThat(world.supervisor().isIdle()).isTrue();
    assertThat(world.receipts().get(0)).contains("\"cause\":\"shutdown\"");
  }
}
