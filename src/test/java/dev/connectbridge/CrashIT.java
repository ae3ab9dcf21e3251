package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.testing.DistDaemon;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * The daemon is killed at random points of a start and of a drain, and started again: then all is
 * as if it had not been, in Consul, among the processes and in Docker (where an engine answers).
 */
class CrashIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int LONGEST_START = 1_800;
  private static final int LONGEST_DRAIN = 900;
  private static final Pattern SERVICE = Pattern.compile("\"Service\": ?\"(crash-[a-z-]+)\"");

  @TempDir private Path temp;
  private RealConsul consul;
  private Optional<RealDocker> docker;
  private Optional<String> image;
  private DistDaemon daemon;

  @BeforeEach
  void start() {
    consul = RealConsul.dev();
    docker = engine();
    image = docker.map(engine -> engine.image("crash", "ENV PATH=/bin"));
    String address = docker.map(RealDocker::address).orElse("unix:///nowhere");
    daemon = DistDaemon.in(temp, "owner: crash\ndocker: " + address + "\ndrain_floor: 1s\n");
  }

  private static Optional<RealDocker> engine() {
    try {
      return Optional.of(RealDocker.get());
    } catch (TestAbortedException e) {
      return Optional.empty(); // there are processes to try it with all the same
    }
  }

  @AfterEach
  void end() {
    if (daemon != null) {
      daemon.close();
    }
    if (docker != null) {
      docker.ifPresent(
          engine -> {
            engine.removeContainers(label());
            engine.close();
          });
    }
    if (consul != null) {
      consul.close();
    }
  }

  private String label() {
    return "connect-bridge.owner=crash@" + daemon.data();
  }

  @Test
  @Tag("bench")
  void afterAKillAtAnyOfEightPointsAndInTheBenchOfFiftyTheEndIsTheSame() throws IOException {
    killAt(Integer.getInteger("bench.rounds", 1) > 1 ? 50 : 8);
  }

  private void killAt(int points) throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    System.out.println("table: CrashIT, seed " + seed + ", " + points + " points");
    for (int point = 0; point < points; point += 2) {
      boolean byStop = point % 4 == 2;
      int first = random.nextInt(LONGEST_START);
      int then = random.nextInt(LONGEST_DRAIN);
      String what =
          "point %d: start killed after %d ms, %s killed after %d ms"
              .formatted(point, first, byStop ? "stop" : "drain", then);
      try {
        killInStart(first);
        killInDrain(byStop, then);
      } catch (ConditionTimeoutException e) {
        throw new AssertionError(
            what + ": " + state() + "\n" + daemon.log() + "\n" + daemon.insides(), e);
      }
      assertThat(Files.exists(daemon.data().resolve("drains.jsonl"))).as(what).isTrue();
    }
  }

  private void killInStart(int millis) throws IOException {
    Files.writeString(spec(), job());
    daemon.start(consul.address()).killAfter(Duration.ofMillis(millis));

    daemon.start(consul.address());

    await().atMost(SOON).until(() -> state().equals(running()));
  }

  private void killInDrain(boolean byStop, int millis) throws IOException {
    if (byStop) {
      daemon.terminate();
    } else {
      Files.delete(spec());
    }
    daemon.killAfter(Duration.ofMillis(millis));

    daemon.start(consul.address());

    if (byStop) {
      daemon.awaitLog("the agent holds what the specs say");
      await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> state().equals(running()));
      Files.delete(spec());
    }
    await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> state().equals(NOTHING));
    daemon.kill();
    assertThat(state()).isEqualTo(NOTHING);
  }

  private static final String NOTHING = "services [], catalog [], processes 0, containers 0";

  private String running() {
    List<String> services = new ArrayList<>();
    for (String group : groups()) {
      services.addAll(List.of(group, group + "-sidecar-proxy"));
    }
    return "services %1$s, catalog %1$s, processes 2, containers %2$s"
        .formatted(services, docker.isPresent() ? 1 : 0);
  }

  private List<String> groups() {
    return docker.isPresent()
        ? List.of("crash-one", "crash-ship", "crash-two")
        : List.of("crash-one", "crash-two");
  }

  private String state() {
    return "services %s, catalog %s, processes %d, containers %d"
        .formatted(
            services("/v1/agent/services"),
            services("/v1/catalog/node/n1"),
            daemon.tasks().size(),
            docker.map(engine -> engine.containers(label()).size()).orElse(0));
  }

  private List<String> services(String path) {
    return SERVICE
        .matcher(consul.get(path))
        .results()
        .map(found -> found.group(1))
        .sorted()
        .toList();
  }

  private Path spec() {
    return daemon.specs().resolve("crash.nomad.hcl");
  }

  private String job() {
    StringBuilder job = new StringBuilder("job \"crash\" {\n");
    for (String name : groups()) {
      boolean ship = name.equals("crash-ship");
      String config =
          ship
              ? "image = \""
                  + image.orElseThrow()
                  + "\"\n command = \"/bin/sleep\"\n args = [\"1000\"]"
              : "command = \"sleep\"\n args = [\"1000\"]";
      job.append(
          """
            group "%1$s" {
              network { mode = "bridge" }
              service {
                name = "%1$s"
                port = "%4$d"
                connect {
                  sidecar_service {}
                  sidecar_task {
                    driver = "%2$s"
                    kill_signal = "SIGKILL"
                    shutdown_delay = "100ms"
                    config {
                      %3$s
                    }
                  }
                }
              }
            }
          """
              .formatted(
                  name, ship ? "docker" : "raw_exec", config, 9001 + groups().indexOf(name)));
    }
    return job.append("}\n").toString();
  }
}
