package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.supervise.Status.State;
import dev.connectbridge.testing.Proxied;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is registered has its proxy, whatever becomes of either. */
class SupervisedTasksTest {

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
  void anotherTagIsNoReasonForAnotherProxy() {
    runs("", "");

    world.file("shop.hcl", job("", "", "v2")).settle().after(Duration.ofMinutes(1));

    assertThat(world.driver().trace()).containsExactly("start " + task);
  }

  private static String builtin(int... upstreams) {
    StringBuilder blocks = new StringBuilder("proxy {\n");
    for (int port : upstreams) {
      blocks.append("upstreams {\n  destination_name = \"s%d\"\n".formatted(port));
      blocks.append("  local_bind_port = %d\n}\n".formatted(port));
    }
    return Proxied.of("shop", "cart", 9001)
        .running("command = \"consul\"\nargs = [\"connect\", \"proxy\"]")
        .hcl()
        .replace("sidecar_service {}", "sidecar_service {\n" + blocks + "}\n}");
  }

  @Test
  void aBuiltInProxyIsStartedAgainWhenAnUpstreamGoesThatItGotAsItRan() {
    world.file("shop.hcl", builtin(8080)).settle();
    task = world.driver().running().get(0);
    world.file("shop.hcl", builtin(8080, 8081)).settle().after(Duration.ofSeconds(5));
    assertThat(world.driver().trace()).containsExactly("start " + task);

    world.boot().file("shop.hcl", builtin(8080, 8082)).settle().after(Duration.ofSeconds(5));

    assertThat(world.driver().trace())
        .containsExactly("start " + task, "signal " + task, "start " + task);
    assertThat(world.held()).containsExactly("cart");
    assertThat(world.receipts()).isEmpty();
  }

  @Test
  void whatNobodyKnowsOfATaskIsLeftAsWrittenAndSaid() {
    runs("", "env {\nA = \"$${HOME} ${NOMAD_JOB_NAME}\"\n}");

    assertThat(world.driver().order(task).env()).containsEntry("A", "${HOME} shop");
    assertThat(world.status().warnings())
        .contains(
            "nothing is known for ${HOME} in task connect-proxy-cart of shop.api[0]:"
                + " it is left as written");

    world.file("shop.hcl", null).settle().after(Duration.ofMinutes(1));

    assertThat(world.status().warnings()).isEmpty();
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
}
