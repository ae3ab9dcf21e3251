package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.DistDaemon;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bridge that is upgraded, killed or started again keeps its proxies as they are. */
class AdoptionIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String UP = "the agent holds what the specs say";

  private static RealConsul consul;

  @TempDir private Path temp;
  private DistDaemon daemon;

  @BeforeAll
  static void startConsul() {
    consul = RealConsul.dev();
  }

  @AfterAll
  static void endConsul() {
    if (consul != null) {
      consul.close();
    }
  }

  @AfterEach
  void end() throws IOException {
    if (daemon != null) {
      daemon.close();
    }
  }

  private static String job(String sidecarTask) {
    return """
    job "kept" {
      group "api" {
        network { mode = "bridge" }
        service {
          name = "kept-api"
          port = "9001"
          connect {
            sidecar_service {}
            %s
          }
        }
      }
    }
    """
        .formatted(sidecarTask);
  }

  /** Starts it, and returns what runs once that is the same as what is expected to run. */
  private Set<String> start(String job, Supplier<Set<String>> running) throws IOException {
    Files.writeString(daemon.specs().resolve("kept.nomad.hcl"), job);
    daemon.start(consul.address()).awaitLog(UP);
    daemon.awaitLog(" of kept.api[0] runs"); // a container that is only made is no container yet
    await().atMost(SOON).until(() -> running.get().size() == 1);
    return running.get();
  }

  /** Starts it again before a proxy that counts, and lets it look round. */
  private void startAgainWithoutWrites(Set<String> before, Supplier<Set<String>> running) {
    try (CountingProxy proxy = CountingProxy.before(consul.httpPort())) {
      daemon.start(proxy.address()).awaitLog(UP);
      long passes = proxy.count("GET", "/v1/agent/services");

      await()
          .during(Duration.ofMillis(1_500))
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(running.get()).as(daemon.log()).isEqualTo(before);
                assertThat(proxy.writes()).as(daemon.log()).isEmpty();
              });
      assertThat(passes).isPositive();
      daemon.kill();
    }
  }

  /** Consul's command need not be on the path of whoever runs the tests. */
  private static String pathToConsul() {
    String path = consul.binary().getParent() + ":" + System.getenv("PATH");
    return "sidecar_task {\n env {\n PATH = \"" + path + "\"\n }\n }";
  }

  private Set<String> processes() {
    Set<String> pids = new TreeSet<>();
    daemon.tasks().forEach(pid -> pids.add(String.valueOf(pid)));
    return pids;
  }

  @Test
  void aBuiltinProxyLivesThroughTheDeathOfItsBridge() throws IOException {
    daemon = DistDaemon.in(temp, "owner: adopt-a\nresync: 1s\ndefault_sidecar_task: builtin\n");
    String job = job(pathToConsul());
    Set<String> before = start(job, this::processes);

    daemon.kill();
    assertThat(processes()).isEqualTo(before);

    startAgainWithoutWrites(before, this::processes);
  }

  @Test
  void aBuiltinProxyIsLeftByABridgeThatIsToldToLeaveIt() throws IOException {
    daemon =
        DistDaemon.in(
            temp, "owner: adopt-b\nresync: 1s\non_exit: leave\ndefault_sidecar_task: builtin\n");
    String job = job(pathToConsul());
    Set<String> before = start(job, this::processes);

    daemon.terminate();
    assertThat(daemon.awaitEnd(SOON)).as(daemon.log()).isZero();
    assertThat(processes()).isEqualTo(before);

    startAgainWithoutWrites(before, this::processes);
  }

  @Test
  void aContainerLivesThroughTheDeathAndTheLeavingOfItsBridge() throws IOException {
    try (RealDocker docker = RealDocker.get()) {
      String image = docker.image("kept", "ENV PATH=/bin");
      daemon =
          DistDaemon.in(
              temp,
              "owner: adopt-c\nresync: 1s\non_exit: leave\ndocker: " + docker.address() + "\n");
      String label = "connect-bridge.owner=adopt-c@" + daemon.data();
      Supplier<Set<String>> containers = () -> new TreeSet<>(docker.containers(label));
      try {
        String job =
            job(
                "sidecar_task {\n driver = \"docker\"\n config {\n image = \""
                    + image
                    + "\"\n command = \"/bin/sh\"\n args = [\"-c\","
                    + " \"trap 'exit 0' TERM; while :; do sleep 0.1; done\"]\n }\n }");
        Set<String> before = start(job, containers);

        daemon.kill();
        startAgainWithoutWrites(before, containers);
        daemon.start(consul.address()).awaitLog(UP);
        daemon.terminate();
        assertThat(daemon.awaitEnd(SOON)).as(daemon.log()).isZero();

        startAgainWithoutWrites(before, containers);
        String state = docker.inspect(before.iterator().next()).path("State").toString();
        assertThat(state).contains("\"Running\":true");
      } finally {
        docker.removeContainers(label);
      }
    }
  }
}
