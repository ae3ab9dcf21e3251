package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.sidecar.TaskState.Exit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptChecksTest {
  private static final Duration SOON = Duration.ofMillis(1100);

  @TempDir private Path temp;
  private World world;
  private String check;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
  }

  private void runs(String more) {
    world.file("shop.hcl", job("5s", more)).settle();
    check =
        world.agent().holds().registrations().get(0).checks().stream()
            .filter(one -> one.name().equals("disk"))
            .findFirst()
            .orElseThrow()
            .id();
  }

  private static String job(String interval, String more) {
    return """
        job "shop" {
          group "api" {
            network { mode = "bridge" }
            shutdown_delay = "20s"
            service {
              name = "cart"
              port = "9001"
              check {
                name = "disk"
                type = "script"
                task = "connect-proxy-cart"
                command = "/bin/look"
                args = ["${NOMAD_TASK_DIR}/data"]
                interval = "%s"
                timeout = "2s"
              }
              connect {
                sidecar_service {}
                sidecar_task {
                  driver = "raw_exec"
                  config {
                    command = "proxy"
                  }
                  %s
                }
              }
            }
          }
        }
        """
        .formatted(interval, more);
  }

  private List<String> runs() {
    return world.driver().trace().stream().filter(call -> call.startsWith("run ")).toList();
  }

  private List<String> updates() {
    return world.agent().trace().stream().filter(call -> call.startsWith("update ")).toList();
  }

  private String task() {
    return world.driver().running().get(0);
  }

  @Test
  void aCheckRunsInItsTaskSoonAfterItsStartAndThenAtItsInterval() {
    runs("");
    assertThat(runs()).isEmpty();

    world.after(SOON);
    Path local = world.driver().order(task()).dirs().local();
    assertThat(runs()).containsExactly("run " + task() + " /bin/look " + local + "/data");
    assertThat(updates()).containsExactly("update " + check + " PASSING");

    world.after(Duration.ofSeconds(20));
    assertThat(runs()).hasSize(5);
    assertThat(updates()).hasSize(5);
  }

  @Test
  void theExitCodeSaysHowItIsAndTheOutputWhy() {
    runs("");
    world.driver().answer(1, "nearly full");
    world.after(SOON);
    world.driver().answer(2, "full");
    world.after(Duration.ofSeconds(5));
    world.driver().answer(-1, "looking");
    world.after(Duration.ofSeconds(5));

    assertThat(world.agent().notes())
        .containsExactly(
            "WARNING nearly full", "CRITICAL full", "CRITICAL timed out after 2s: looking");
  }

  @Test
  void aCheckWhoseTaskDoesNotRunIsCriticalAtOnce() {
    runs("");
    world.after(SOON);

    world.driver().failStarts(Optional.of(dev.connectbridge.sidecar.TaskException.Kind.FAILED));
    world.driver().die(task(), Exit.code(1));
    world.after(Duration.ofMillis(100));

    assertThat(world.agent().notes())
        .containsExactly("PASSING fine", "CRITICAL task connect-proxy-cart does not run");
  }

  @Test
  void nothingIsRunWhileTheGroupDrains() {
    runs("shutdown_delay = 0");
    world.after(SOON);

    world.file("shop.hcl", null).settle().after(Duration.ofSeconds(15));

    assertThat(world.driver().running()).hasSize(1);
    assertThat(runs()).hasSize(1);
    assertThat(updates()).hasSize(1);
  }

  @Test
  void anotherIntervalHoldsFromThenOn() {
    runs("");
    world.after(SOON);

    world.file("shop.hcl", job("1m", "")).settle().after(Duration.ofSeconds(50));

    assertThat(runs()).hasSize(2);
  }

  @Test
  void anAgentThatIsAwayIsToldTheNextTime() {
    runs("");
    world.agent().fail("update " + check + " PASSING", Kind.UNREACHABLE);
    world.after(SOON);
    assertThat(world.agent().notes()).isEmpty();

    world.agent().heal();
    world.after(Duration.ofSeconds(5));

    assertThat(world.agent().notes()).containsExactly("PASSING fine");
  }

  @Test
  void aRunThatTakesLongerThanTheIntervalIsTheOnlyOne() {
    runs("");
    world.hold(Lanes.Lane.CHECK);
    world.after(Duration.ofSeconds(30));
    assertThat(world.heldBack()).isEqualTo(1);

    world.letGo();
    world.after(Duration.ofMillis(100)).letGo();

    assertThat(runs()).hasSize(2);
  }
}
