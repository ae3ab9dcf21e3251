package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.testing.DistDaemon;
import dev.connectbridge.testing.Planted;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a spec tells its tasks in confidence arrives there. That it arrives nowhere else is seen by
 * the last check of the build, which looks through what was produced here.
 */
class SecretSpecIT {
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
              sidecar_task {
                driver         = "%3$s"
                shutdown_delay = "0s"
                kill_signal    = "SIGKILL"
                env { PASSWORD = %4$s }
                config {
                  %5$s
                }
              }
            }
          }
        }
      }
      """;

  private static final Map<String, String> TOLD =
      Map.of("runs", "running", "cannot", "failed", "login", "not running");

  private final String env = Planted.secret("env-" + UUID.randomUUID());
  private final String argument = Planted.secret("argument-" + UUID.randomUUID());
  private final String password = Planted.secret("password-" + UUID.randomUUID());
  @TempDir private Path temp;

  @Test
  void theTasksAreToldAndTheRestIsSaidWithoutThem() throws Exception {
    DistDaemon daemon =
        DistDaemon.in(temp, "owner: secret\ndocker: unix:///nowhere\ndrain_floor: 10s\n");
    wants(daemon.specs(), "runs", 9001, "raw_exec", quoted(env), shell("/bin/sh"));
    wants(daemon.specs(), "cannot", 9002, "raw_exec", quoted(env), shell("/nowhere/proxy"));
    wants(daemon.specs(), "login", 9003, "docker", quoted(env), login());
    try (RealConsul consul = RealConsul.dev();
        DistDaemon started = daemon.start(consul.address())) {
      await().atMost(SOON).untilAsserted(() -> assertThat(told(states())).isEqualTo(TOLD));
      long task = started.tasks().iterator().next();
      assertThat(Path.of("/proc", task + "", "environ")).content().contains("PASSWORD=" + env);
      assertThat(Path.of("/proc", task + "", "cmdline")).content().contains(argument);

      wants(daemon.specs(), "broken", 9004, "raw_exec", "[" + quoted(env) + "]", shell("/bin/sh"));
      started.awaitLog("broken.hcl:");
      for (String command : new String[] {"status", "doctor", "ghosts"}) {
        assertThat(typed(consul, command).out()).isNotEmpty();
      }
      assertThat(typed(consul, "validate", daemon.specs().toString()).exit()).isEqualTo(1);
      Path saved = temp.resolve("saved");
      Path later = Files.createDirectory(temp.resolve("later"));
      wants(later, "later", 9005, "raw_exec", quoted(env), shell("/bin/sh"));
      typed(consul, "plan", "--out", saved.toString(), later.toString());
      assertThat(saved).isNotEmptyFile();
      assertThat(typed(consul, "drain", "runs/api[0]").out()).contains("Drain complete!");
      started.terminate();
      assertThat(started.awaitEnd(SOON)).isZero();
    }
    assertThat(temp.resolve("data/receipts.jsonl")).content().contains("PROVEN");
  }

  private static void wants(
      Path specs, String name, int port, String driver, String env, String config)
      throws IOException {
    Files.writeString(specs.resolve(name + ".hcl"), JOB.formatted(name, port, driver, env, config));
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private String shell(String command) {
    return "command = %s\n args = [\"-c\", \"sleep 1000; true\", %s]"
        .formatted(quoted(command), quoted(argument));
  }

  private String login() {
    return "image = \"127.0.0.1:1/proxy:1\"\n auth {\n username = \"me\"\n password = %s\n }"
        .formatted(quoted(password));
  }

  /** Where there is an engine it cannot get the image, and where there is none it is waited for. */
  private static Map<String, String> told(Map<String, String> states) {
    states.computeIfPresent(
        "login", (any, state) -> state.matches("waiting|failed") ? "not running" : state);
    return states;
  }

  private Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    Typed status =
        Typed.of("status", "--format", "json", "--config", temp.resolve("bridge.yaml").toString());
    if (status.exit() == 0) {
      for (JsonNode task : status.json().path("tasks")) {
        states.put(
            task.path("group").asText().replaceFirst("\\..*", ""), task.path("state").asText());
      }
    }
    return states;
  }

  private Typed typed(RealConsul consul, String... words) {
    String[] line = Arrays.copyOf(words, words.length + 2);
    line[words.length] = "--config";
    line[words.length + 1] = temp.resolve("bridge.yaml").toString();
    return Typed.in(Map.of("CONSUL_HTTP_ADDR", consul.address()), line);
  }
}
