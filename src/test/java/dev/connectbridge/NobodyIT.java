package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.connectbridge.control.ControlClient;
import dev.connectbridge.control.ControlException;
import dev.connectbridge.control.Request;
import dev.connectbridge.testing.ConsulBinary;
import dev.connectbridge.testing.DistDaemon;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bridge that is not root runs proxies all the same, and says of the rest what is missing. */
class NobodyIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String JOB =
      """
      job "%1$s" {
        group "api" {
          network { mode = "bridge" }
          service {
            name = "%1$s"
            port = "%2$d"
            connect {
              sidecar_service {}
              %3$s
            }
          }
        }
      }
      """;
  private static final String SOMEBODYS =
      "sidecar_task {\n driver = \"raw_exec\"\n user = \"daemon\"\n config { command = \"true\" }\n}";
  private static final String CONTAINER =
      "sidecar_task {\n driver = \"docker\"\n config { image = \"proxy:1\" }\n}";

  @TempDir private Path temp;

  @Test
  void itRunsProxiesAndNamesWhatOnlyRootMay() throws Exception {
    open(temp);
    Path bin = Files.createDirectories(temp.resolve("path"));
    Files.copy(ConsulBinary.get(), bin.resolve("consul"));
    Path dist = temp.resolve("dist");
    assertThat(run("cp", "-r", System.getProperty("dist", "target/dist"), dist.toString()))
        .isZero();
    Path home = Files.createDirectories(temp.resolve("home"));
    Path socket = temp.resolve("docker.sock");
    Map<String, String> environment =
        Map.of("PATH", bin + ":" + System.getenv("PATH"), "DOCKER_HOST", "unix://" + socket);
    DistDaemon daemon = DistDaemon.in(home, "owner: nobody\ndefault_sidecar_task: builtin\n");
    specs(daemon.specs());
    if (isRoot()) {
      assertThat(run("chown", "-R", "nobody", home.toString())).isZero();
    }
    try (RealConsul consul = RealConsul.dev();
        ServerSocketChannel engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        DistDaemon started = daemon.by(dist, asNobody(), environment)) {
      engine.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("---------"));
      started.start(consul.address()).awaitLog("the agent holds what the specs say");

      await().atMost(SOON).until(() -> state(daemon, "shop").equals("running"));
      await().atMost(SOON).until(() -> state(daemon, "till").equals("failed"));
      assertThat(detail(daemon, "till")).contains("user: only root can run a task as \"daemon\"");
      if (isRoot()) {
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(detail(daemon, "dock"))
                        .contains("the Docker engine at unix://" + socket, "Permission denied"));
        assertThat(warnings(daemon)).filteredOn(text -> text.startsWith("no limit of")).hasSize(1);
      }
      started.terminate();
      assertThat(started.awaitEnd(SOON)).isZero();
      assertThat(started.tasks()).isEmpty();
      assertThat(consul.get("/v1/agent/services")).isEqualToIgnoringWhitespace("{}");
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static List<String> asNobody() {
    return isRoot()
        ? List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
        : List.of();
  }

  /** Whoever may enter it; the directories of tests are for their owner alone. */
  private static void open(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
  }

  private static void specs(Path specs) throws IOException {
    Files.writeString(
        specs.resolve("shop.hcl"),
        JOB.formatted("shop", 9001, "sidecar_task { shutdown_delay = 0 }"));
    Files.writeString(specs.resolve("till.hcl"), JOB.formatted("till", 9002, SOMEBODYS));
    Files.writeString(specs.resolve("dock.hcl"), JOB.formatted("dock", 9003, CONTAINER));
  }

  private static int run(String... line) throws IOException, InterruptedException {
    return new ProcessBuilder(line).inheritIO().start().waitFor();
  }

  /** It may hold what its specs say a moment before it can be asked. */
  private static JsonNode status(DistDaemon daemon) {
    try {
      return ControlClient.of(daemon.data()).ask(new Request.Status(), Optional.of(SOON));
    } catch (ControlException e) {
      return MissingNode.getInstance();
    }
  }

  private static Optional<JsonNode> task(DistDaemon daemon, String job) {
    JsonNode tasks = status(daemon).path("tasks");
    return Stream.iterate(0, i -> i < tasks.size(), i -> i + 1)
        .map(tasks::get)
        .filter(one -> one.path("group").asText().startsWith(job + "."))
        .findFirst();
  }

  private static String state(DistDaemon daemon, String job) {
    return task(daemon, job).map(one -> one.path("state").asText()).orElse("");
  }

  private static String detail(DistDaemon daemon, String job) {
    return task(daemon, job).map(one -> one.path("detail").asText()).orElse("");
  }

  private static List<String> warnings(DistDaemon daemon) {
    JsonNode all = status(daemon).path("warnings");
    return Stream.iterate(0, i -> i < all.size(), i -> i + 1)
        .map(i -> all.get(i).asText())
        .toList();
  }
}
