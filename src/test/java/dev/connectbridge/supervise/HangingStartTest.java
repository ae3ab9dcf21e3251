package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.supervise.Lanes.Lane;
import dev.connectbridge.testing.Proxied;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that does not return from a start keeps nobody waiting but the task itself. */
class HangingStartTest {
  private static final Duration MOMENT = Duration.ofMillis(20);

  @TempDir private Path temp;
  private World world;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
    hang("3s");
  }

  private void hang(String killTimeout) {
    world.hold(Lane.TASK);
    world.file("shop.hcl", shop(killTimeout)).settle();
    world.hurry();
    assertThat(world.driver().trace()).isEmpty();
  }

  private static String shop(String killTimeout) {
    return Proxied.of("shop", "shop", 9001)
        .inTask("shutdown_delay = 0\nkill_timeout = \"%s\"".formatted(killTimeout))
        .hcl();
  }

  private List<String> calls() {
    return world.driver().trace().stream()
        .map(call -> call.substring(0, call.indexOf(' ')))
        .toList();
  }

  @Test
  void aStartThatReturnsInTimeIsSignalledAtOnce() {
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(4));
    assertThat(world.receipts()).isEmpty();

    world.letGo();
    world.after(MOMENT);

    assertThat(calls()).containsExactly("start", "signal", "forget");
    assertThat(world.receipts())
        .singleElement()
        .asString()
        .contains("\"proven\":true", "\"signal_ms\":40", "\"exit\":\"exit code 0\"");
  }

  @Test
  void oneThatDoesNotReturnHoldsNoReceipt() {
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(6));

    assertThat(world.held()).isEmpty();
    assertThat(world.receipts())
        .singleElement()
        .asString()
        .contains(
            "\"proven\":true",
            "\"signal_ms\":null,\"kill_ms\":null,\"exit_ms\":null",
            "\"exit\":\"unknown: its start has not returned\"");
    assertThat(world.status().tasks())
        .singleElement()
        .satisfies(task -> assertThat(task.state()).isEqualTo(Status.State.LEAVING));
  }

  @Test
  void theDriverHasAsLongAsTheTaskItselfWouldHaveHad() {
    world = new World(temp.resolve("other"));
    hang("20s");
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(19));
    assertThat(world.receipts()).isEmpty();

    world.after(Duration.ofSeconds(2));
    assertThat(world.receipts()).hasSize(1);
  }

  @Test
  void oneThatReturnsAfterTheReceiptIsStoppedAtOnce() {
    world.file("shop.hcl", null).settle().after(Duration.ofMinutes(1));
    assertThat(world.receipts()).hasSize(1);

    world.letGo();
    world.after(MOMENT);

    assertThat(calls()).containsExactly("start", "signal", "forget");
    assertThat(world.driver().running()).isEmpty();
    assertThat(world.receipts()).hasSize(1);
    assertThat(world.status().drains()).isEmpty();
    assertThat(world.status().tasks()).isEmpty();
    assertThat(temp.resolve("data/tasks")).isEmptyDirectory();
  }

  @Test
  void oneThatReturnsLateAndTakesNoNoticeIsKilled() {
    world.file("shop.hcl", null).settle().after(Duration.ofMinutes(1));
    world.driver().makeAllStubborn();

    world.letGo();
    world.after(Duration.ofSeconds(4));

    assertThat(calls()).containsExactly("start", "signal", "kill", "forget");
    assertThat(world.status().drains()).isEmpty();
  }

  @Test
  void oneThatFailsLateLeavesNothing() {
    world.file("shop.hcl", null).settle().after(Duration.ofMinutes(1));
    world.driver().failStarts(Optional.of(Kind.FAILED));

    world.letGo();
    world.after(Duration.ofSeconds(1));

    assertThat(calls()).startsWith("start").endsWith("forget");
    assertThat(world.status().drains()).isEmpty();
    assertThat(world.status().tasks()).isEmpty();
  }

  @Test
  void whatIsWantedAgainMeanwhileIsBackAndKeepsWhatIsStarted() {
    world.file("shop.hcl", null).settle().after(Duration.ofMinutes(1));
    assertThat(world.receipts()).hasSize(1);

    world.file("shop.hcl", shop("3s")).settle();
    assertThat(world.held()).containsExactly("shop");
    world.letGo();
    world.after(Duration.ofMinutes(1));

    assertThat(calls()).containsExactly("start");
    assertThat(world.driver().running()).hasSize(1);
    assertThat(world.receipts()).hasSize(1);
    assertThat(world.status().drains()).isEmpty();
  }

  @Test
  void anAgentThatIsAwayAsWellKeepsNoLateProxyAlive() {
    world.agent().goAway();
    world.file("shop.hcl", null).settle().pass();
    world.after(Duration.ofMinutes(1));
    assertThat(world.receipts())
        .singleElement()
        .asString()
        .contains("NOT_PROVEN", "its start has not returned");

    world.letGo();
    world.after(Duration.ofSeconds(2));
    assertThat(world.driver().running()).isEmpty();

    world.agent().heal();
    world.after(Duration.ofSeconds(5)).settle();
    assertThat(world.held()).isEmpty();
    assertThat(world.receipts()).hasSize(1);
    assertThat(world.status().drains()).isEmpty();
  }

  @Test
  void aSignalThatIsHeldIsNotSentEarlierBecauseOfIt() {
    world = new World(temp.resolve("other"));
    world.with(new DrainPolicy(Duration.ofSeconds(2), Optional.of(Duration.ofMinutes(1)), false));
    hang("3s");
    world.serversFollow(false);
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(30));

    world.letGo();
    world.after(Duration.ofSeconds(29));
    assertThat(calls()).containsExactly("start");

    world.after(Duration.ofSeconds(2));
    assertThat(calls()).startsWith("start", "signal");
  }

  @Test
  void aBridgeThatStopsWaitsForItAsLongAsItMay() {
    world.stop().after(Duration.ofMinutes(1));
    assertThat(world.receipts()).hasSize(1);
    assertThat(world.supervisor().isIdle()).isFalse();

    world.letGo();
    world.after(MOMENT);

    assertThat(world.driver().running()).isEmpty();
    assertThat(world.supervisor().isIdle()).isTrue();
  }

  @Test
  void whatABridgeThatWasKilledMeanwhileHasStartedIsEndedByTheNext() {
    world.file("shop.hcl", null).settle().after(Duration.ofMinutes(1));

    world.letGo();
    world.boot().settle().after(Duration.ofSeconds(10));

    assertThat(world.driver().running()).isEmpty();
    assertThat(world.status().drains()).isEmpty();
    assertThat(temp.resolve("data/tasks")).isEmptyDirectory();
  }
}
