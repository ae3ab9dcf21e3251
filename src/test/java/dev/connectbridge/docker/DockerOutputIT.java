package dev.connectbridge.docker;

import static dev.connectbridge.docker.Dock.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.testing.RealDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where the output of a real container goes. */
class DockerOutputIT {
  @RegisterExtension static final Dock dock = new Dock(RealDocker::get);

  @Test
  void theOutputIsKeptInFilesOfASize() throws Exception {
    dock.run(dock.order("echo oops >&2; seq 1 200000; printf %s end").logs(Logs.of(2, 1)));

    Path newest = dock.log("stdout.0");
    assertThat(dock.log("stderr.0")).hasContent("oops");
    assertThat(Files.size(newest)).isBetween(1L, 1L << 20);
    assertThat(Files.size(dock.log("stdout.1"))).isBetween((1L << 20) - 100, 1L << 20);
    assertThat(dock.log("stdout.2")).doesNotExist();
    String kept = Files.readString(dock.log("stdout.1")) + Files.readString(newest);
    List<String> lines = kept.lines().toList();
    assertThat(lines.get(lines.size() - 1)).isEqualTo("end");
    int first = Integer.parseInt(lines.get(1));
    assertThat(lines.subList(1, lines.size() - 1))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(first, 200000).mapToObj(String::valueOf).toList());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(newest)))
        .isEqualTo("rw-------");
  }

  @Test
  void outputThatNobodyWantsIsNotKept() throws Exception {
    TaskState state =
        dock.run(
            dock.order("echo secret")
                .logs(new Logs(OptionalInt.empty(), OptionalInt.empty(), true)));

    assertThat(dock.engine().inspect(state.handle()).at("/HostConfig/LogConfig/Type").asText())
        .isEqualTo("none");
    try (var files = Files.list(dock.directory().resolve("logs"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void anAdoptedTasksOutputGoesOnWhereItStopped() throws Exception {
    TaskOrder order =
        dock.order(
                "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo $i; echo e$i >&2; "
                    + "[ $((i % 100)) = 0 ] && sleep 0.05; done")
            .make();
    dock.driver().start(order);
    for (int i = 0; i < 5; i++) {
      long before = dock.stdout().length();
      await().atMost(SOON).until(() -> dock.stdout().length() > before || !dock.isRunning());
      dock.driver().close();
      dock.reconnect();
      dock.driver().observe(Orders.OWNER);
    }
    dock.awaitExit();
    dock.driver().forget(order.id());

    List<String> numbers = IntStream.rangeClosed(1, 2000).mapToObj(String::valueOf).toList();
    assertThat(dock.stdout().lines()).containsExactlyElementsOf(numbers);
    assertThat(Files.readString(dock.log("stderr.0")).lines())
        .containsExactlyElementsOf(numbers.stream().map(number -> "e" + number).toList());
  }
}
