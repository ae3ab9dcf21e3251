package dev.connectbridge.docker;

import static dev.connectbridge.docker.Dock.FOREVER;
import static dev.connectbridge.docker.Dock.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.sidecar.TaskDriver.Ran;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.testing.RealDocker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands that are run beside a task in its container. */
class DockerCommandsIT {
  @RegisterExtension static final Dock dock = new Dock(RealDocker::get);

  @Test
  void aCommandRunsWhereTheTaskRuns() throws Exception {
    TaskOrder order = dock.order(FOREVER).env("FOO", "bar").user("1000").make();
    dock.driver().start(order);

    Ran ran =
        dock.driver()
            .run(order.id(), List.of("/bin/sh", "-c", "echo $FOO; id -u >&2; exit 3"), SOON);

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.output().lines()).containsExactlyInAnyOrder("bar", "1000");
  }

  @Test
  void aCommandThatTakesTooLongIsEnded() throws Exception {
    TaskOrder order = dock.order(FOREVER).make();
    dock.driver().start(order);

    Ran ran =
        dock.driver()
            .run(
                order.id(),
                List.of("/bin/sh", "-c", "echo begun; sleep 4321"),
                Duration.ofSeconds(3));

    assertThat(ran).isEqualTo(new Ran(-1, "begun\n"));
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(processes()).noneMatch(line -> line.contains("sleep 4321")));
    assertThat(dock.isRunning()).isTrue();
  }

  @Test
  void theFirst4KilobytesOfACommandAreKept() throws Exception {
    TaskOrder order = dock.order(FOREVER).make();
    dock.driver().start(order);

    Ran ran = dock.driver().run(order.id(), List.of("/bin/seq", "1", "100000"), SOON);

    assertThat(ran.code()).isZero();
    assertThat(ran.output()).hasSize(4096).startsWith("1\n2\n");
    dock.driver().kill(order.id());
    dock.awaitExit();
    assertThatThrownBy(() -> dock.driver().run(order.id(), List.of("/bin/echo"), SOON))
        .isInstanceOf(TaskException.class);
  }

  private static List<String> processes() {
    List<String> lines = new ArrayList<>();
    ProcessHandle.allProcesses()
        .forEach(process -> lines.add(process.info().commandLine().orElse("")));
    return lines;
  }
}
