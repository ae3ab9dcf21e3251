package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.supervise.Status.State;
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

  private Status.Task state() {
    CompletableFuture<Status> status = world.supervisor().status();
    world.supervisor().turn();
    return status.join().tasks().get(0);
  }

  @Test
  void aProxyIsStartedOnceItsRegistrationStands() {
    world.agent().goAway();
    world.file("shop.hcl", job("", "", "v1")).settle();

    assertThat(world.driver().trace()).isEmpty();

    world.agent().heal();
    world.settle();

    assertThat(world.held()).containsExactly("cart");
    assertThat(world.driver().running()).hasSize(1);
  }

  @Test
  void whatRunsIsNotStartedAgain() {
    runs("", "");

    world.settle().after(Duration.ofMinutes(5));

    assertThat(world.driver().trace()).containsExactly("start " + task);
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
  void anotherTagIsNoReasonForAnotherProxy() {
    runs("", "");

    world.file("shop.hcl", job("", "", "v2")).settle().after(Duration.ofMinutes(1));

    assertThat(world.driver().trace()).containsExactly("start " + task);
  }

  @Test
  void anotherTaskDrainsTheOldOneFirst() {
    runs("", "");

    world.file("shop.hcl", job("", "env {\nA = \"b\"\n}", "v1")).settle();
    assertThat(world.held()).isEmpty();
    world.after(Duration.ofSeconds(6)).settle();

    assertThat(world.held()).containsExactly("cart");
    assertThat(world.driver().trace())
        .containsExactly("start " + task, "signal " + task, "forget " + task, "start " + task);
    assertThat(world.receipts().get(0)).contains("\"cause\":\"replaced\"", "\"proven\":true");
  }

  @Test
  void aProxyThatDiesIsStartedAgainAndGivenUpInTheEnd() {
    runs("", "");

    for (int i = 0; i < 10; i++) {
      world.driver().die(task, Exit.code(1));
      world.after(Duration.ofSeconds(45));
    }
    assertThat(world.driver().running()).hasSize(1);
    world.driver().die(task, Exit.code(1));
    world.after(Duration.ofMinutes(5));

    assertThat(world.driver().running()).isEmpty();
    assertThat(state().state()).isEqualTo(State.FAILED);
    assertThat(state().detail()).isEqualTo("ended with exit code 1");
    assertThat(world.held()).containsExactly("cart");

    var unused = world.supervisor().resume("shop.api[0]");
    world.after(Duration.ofSeconds(1));
    assertThat(world.driver().running()).hasSize(1);
  }

  @Test
  void anEngineThatIsAwayIsAskedUntilItIsBack() {
    world.driver().failStarts(Optional.of(Kind.UNAVAILABLE));
    world.file("shop.hcl", job("", "", "v1")).settle().after(Duration.ofHours(1));
    assertThat(world.driver().running()).isEmpty();

    world.driver().failStarts(Optional.empty());
    world.after(Duration.ofMinutes(1));

    assertThat(world.driver().running()).hasSize(1);
  }

  @Test
  void anOrderThatCannotWorkIsRefusedOnceAndSaidOnce() {
    world.file("shop.hcl", job("", "user = \"refused\"", "v1")).settle().after(Duration.ofHours(1));

    assertThat(world.driver().trace()).isEmpty();
    assertThat(state().state()).isEqualTo(State.FAILED);
  }

  @Test
  void aBridgeThatIsKilledFindsItsProxiesAgain() {
    runs("", "");

    world.boot().settle().after(Duration.ofMinutes(1));

    assertThat(world.driver().trace()).containsExactly("start " + task);
    assertThat(world.held()).containsExactly("cart");
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
  void whatWentWhileNobodyLookedIsDrainedAsItsRecordSays() {
    runs("", "shutdown_delay = \"4s\"");

    world.boot().file("shop.hcl", null).settle();
    world.after(Duration.ofMillis(3900));
    assertThat(signals()).isEmpty();
    world.after(Duration.ofMillis(200));

    assertThat(signals()).containsExactly("signal " + task);
    assertThat(world.held()).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadKeepsItsProxyAlsoAfterAStart() {
    runs("", "");

    world.boot().file("shop.hcl", "job {").settle().after(Duration.ofMinutes(1));

    assertThat(world.driver().trace()).containsExactly("start " + task);
    assertThat(world.held()).containsExactly("cart");
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
