package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.testing.Proxied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong beside a drain, or between two steps of one. */
class SupervisorFaultTest {
  private static final Duration MOMENT = Duration.ofMillis(20);

  @TempDir private Path temp;
  private World world;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
  }

  private static String job(String name, String group) {
    return Proxied.of(name, name, name.equals("shop") ? 9001 : 9002).inGroup(group).hcl();
  }

  private void drainByName() {
    var unused = world.supervisor().drain("shop/api[0]", false, Optional.empty());
    world.after(MOMENT).settle();
  }

  private long signals() {
    return world.driver().trace().stream().filter(call -> call.startsWith("signal")).count();
  }

  @Test
  void aHeldGroupStaysAwayAlsoWhenItsFileCannotBeReadAtAStart() {
    world.file("shop.hcl", job("shop", "")).settle();
    drainByName();

    world.file("shop.hcl", "job {").boot().settle();
    world.file("shop.hcl", job("shop", "")).settle().after(Duration.ofSeconds(10));

    assertThat(world.held()).isEmpty();
  }

  @Test
  void aDrainByNameOfWhichOnlyTheWordIsOnTheDiskIsDrained() throws IOException {
    world.file("shop.hcl", job("shop", "shutdown_delay = \"5s\"")).settle();
    Observed before = world.agent().holds();
    drainByName();
    Path journal = temp.resolve("data/drains.jsonl");
    List<String> held =
        Files.readAllLines(journal).stream().filter(line -> line.contains("\"hold\"")).toList();
    Files.write(journal, held);
    world.agent().hold(before);

    world.boot().settle().after(Duration.ofSeconds(10)).settle();

    assertThat(world.held()).isEmpty();
    assertThat(signals()).isOne();
    assertThat(world.receipts()).hasSize(1);
  }

  /** Drains with a delay of ten seconds, of which four are over when the bridge is up again. */
  private void crashInADrain(int boot, Duration clockSetBy, int nextBoot) {
    world.clock(Duration.ZERO, boot);
    world.file("shop.hcl", job("shop", "shutdown_delay = \"10s\"")).settle();
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(4));
    world.clock(clockSetBy, nextBoot).boot().settle();
  }

  @Test
  void aClockThatWasSetChangesNoDelayWhileTheMachineRunsOn() {
    crashInADrain(1, Duration.ofHours(1), 1);

    world.after(Duration.ofMillis(5900));
    assertThat(signals()).isZero();
    world.after(Duration.ofMillis(200));
    assertThat(signals()).isOne();
  }

  @Test
  void aClockThatWasSetBackChangesNoDelayEither() {
    crashInADrain(1, Duration.ofHours(-1), 1);

    world.after(Duration.ofMillis(5900));
    assertThat(signals()).isZero();
    world.after(Duration.ofMillis(200));
    assertThat(signals()).isOne();
  }

  @Test
  void afterANewStartOfTheMachineTheClockOfTheWallCountsForNoMoreThanTheDrain() {
    crashInADrain(1, Duration.ofHours(-1), 2);

    world.after(Duration.ofMillis(9900));
    assertThat(signals()).isZero();
    world.after(Duration.ofMillis(200));
    assertThat(signals()).isOne();
  }

  @Test
  void aHoldIsNoLongerAfterACrash() {
    world.with(new DrainPolicy(Duration.ofSeconds(2), Optional.of(Duration.ofMinutes(1)), false));
    world.file("shop.hcl", job("shop", "")).settle();
    world.serversFollow(false);
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(30));

    world.boot().settle().after(Duration.ofSeconds(29));
    assertThat(signals()).isZero();
    world.after(Duration.ofSeconds(2));

    assertThat(signals()).isOne();
  }

  @Test
  void noProxyIsStartedForWhatAPassThatWasCutOffDidNotReach() {
    world.file("till.hcl", job("till", "")).settle();
    String id = world.agent().holds().registrations().get(0).id().value();
    world.file("till.hcl", null).settle().after(Duration.ofSeconds(10));
    int before = world.driver().trace().size();

    world.agent().fail("register " + id, Kind.UNREACHABLE);
    world.file("shop.hcl", job("shop", "")).file("till.hcl", job("till", "")).settle();
    assertThat(world.driver().trace()).hasSize(before);

    world.agent().heal();
    world.settle();
    assertThat(world.driver().running()).hasSize(2);
  }

  @Test
  void anAgentThatRefusesTheSavingWriteIsToldToDeregisterAllTheSame() {
    world.file("shop.hcl", job("shop", "")).settle();
    String id = world.agent().holds().registrations().get(0).id().value();
    world.agent().carry("another token");
    world.agent().fail("rewrite " + id, Kind.FORBIDDEN);

    world.file("shop.hcl", null).settle().after(MOMENT);

    assertThat(world.held()).isEmpty();
    assertThat(world.receipts().get(0)).contains("\"proven\":true");
    assertThat(world.agent().trace()).contains("rewrite " + id + "-sidecar-proxy");
  }

  @Test
  void whatOneTokenWasRefusedTheNextOneSavesBeforeItDeregistersIt() {
    world.agent().carry("one");
    world.file("shop.hcl", job("shop", "shutdown_delay = \"30s\"")).settle();
    String id = held();
    world.agent().fail("deregister " + id + "-sidecar-proxy", Kind.FORBIDDEN);
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(5));
    assertThat(world.agent().count("rewrite " + id)).as("it has its own token").isZero();

    world.agent().heal();
    world.agent().carry("another");
    world.after(Duration.ofSeconds(12));

    assertThat(world.held()).isEmpty();
    assertThat(world.agent().trace())
        .containsSubsequence(
            "rewrite " + id, "rewrite " + id + "-sidecar-proxy", "deregister " + id);
    assertThat(world.agent().count("rewrite " + id)).isOne();
  }

  @Test
  void whatIsAllowedAgainShortBeforeTheDeadlineIsStillProvenInTime() {
    world.file("shop.hcl", job("shop", "shutdown_delay = \"30s\"")).settle();
    String refused = "deregister " + held() + "-sidecar-proxy";
    world.agent().fail(refused, Kind.FORBIDDEN);

    world.file("shop.hcl", null).settle().after(Duration.ofMillis(29_500));
    assertThat(world.agent().count(refused)).isBetween(5L, 20L);
    world.agent().heal();
    world.after(Duration.ofMillis(490));

    assertThat(world.held()).isEmpty();
    world.after(MOMENT);
    assertThat(world.receipts().get(0)).contains("\"verdict\":\"PROVEN\"");
  }

  @Test
  void whatIsWantedAgainWaitsForNoTryOfTheDrain() {
    world.file("shop.hcl", job("shop", "shutdown_delay = \"60s\"")).settle();
    String id = held();
    world.agent().fail("deregister " + id, Kind.FORBIDDEN);
    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(20));

    world.agent().heal();
    world.file("shop.hcl", job("shop", "shutdown_delay = \"60s\"")).settle().after(MOMENT).settle();

    assertThat(world.status().drains()).isEmpty();
    assertThat(world.agent().holds().registrations().get(0).sidecar()).isPresent();
  }

  @Test
  void whatMayHaveBeenDoneIsLookedAtBeforeItIsDoneAgain() {
    world.file("shop.hcl", job("shop", "shutdown_delay = \"5s\"")).settle();
    String id = held();
    world.agent().fail("holds " + id, Kind.TIMEOUT);

    world.file("shop.hcl", null).settle();
    world.agent().heal();
    world.after(Duration.ofSeconds(1));

    assertThat(world.agent().count("deregister " + id)).isOne();
    assertThat(world.agent().count("deregister " + id + "-sidecar-proxy")).isOne();
    assertThat(world.held()).isEmpty();
  }

  private String held() {
    return world.agent().holds().registrations().get(0).id().value();
  }

  @Test
  void aJournalThatCannotBeWrittenKeepsNoDrainFromGoingOn() throws IOException {
    world.file("shop.hcl", job("shop", "")).settle();
    Files.deleteIfExists(temp.resolve("data/drains.jsonl"));
    Files.createDirectories(temp.resolve("data/drains.jsonl/full"));

    world.file("shop.hcl", null).settle().after(MOMENT);

    assertThat(signals()).isOne();
    assertThat(world.receipts().get(0)).contains("\"journal\":\"failed\"", "\"proven\":true");
  }

  @Test
  void whatDiesInItsDrainIsStartedAnewWhenItIsWantedAgain() {
    world.file("shop.hcl", job("shop", "shutdown_delay = \"10s\"")).settle();
    String task = world.driver().running().get(0);
    world.file("shop.hcl", null).settle();
    world.driver().die(task, dev.connectbridge.sidecar.TaskState.Exit.code(1));
    world.after(MOMENT);

    world.file("shop.hcl", job("shop", "shutdown_delay = \"10s\"")).settle();
    world.after(Duration.ofSeconds(11)).settle();

    assertThat(world.driver().trace())
        .containsExactly("start " + task, "forget " + task, "start " + task);
    assertThat(world.receipts()).hasSize(1);
    assertThat(world.held()).containsExactly("shop");
  }
}
