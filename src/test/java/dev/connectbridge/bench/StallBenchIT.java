package dev.connectbridge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.Bridge;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.supervise.Status.State;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many groups that drain at once while Consul stands still for five seconds. */
@Tag("bench")
class StallBenchIT {
  private static final String SLEEPER =
      """
      job "sleepers" {
        group "api" {
          count = %d
          network { mode = "bridge" }
          shutdown_delay = "1s"
          service {
            name = "cart"
            port = "9001"
            connect {
              sidecar_service {}
              sidecar_task {
                driver = "raw_exec"
                shutdown_delay = "1s"
                config {
                  command = "/bin/sleep"
                  args = ["1000"]
                }
              }
            }
          }
        }
      }
      """;

  private static final String PROXY =
      """
      job "proxies" {
        group "web" {
          count = %d
          network { mode = "bridge" }
          service {
            name = "shop"
            port = "9002"
            connect {
              sidecar_service {}
              sidecar_task {
                env {
                  PATH = "%s:/usr/bin:/bin"
                }
              }
            }
          }
        }
      }
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path temp;

  @Test
  void everyReceiptIsHonestAndEveryProxyIsGoneInTime() throws Exception {
    boolean quick = Integer.getInteger("bench.rounds", 1) == 1;
    int sleepers = quick ? 20 : 200;
    int proxies = quick ? 0 : 50;
    Path specs = Files.createDirectories(temp.resolve("specs"));
    Files.writeString(specs.resolve("sleepers.nomad.hcl"), SLEEPER.formatted(sleepers), UTF_8);
    try (RealConsul consul =
            RealConsul.start(
                RealConsul.Options.dev()
                    .with("limits { http_max_conns_per_client = 1000 }")
                    .withSidecarPorts(23000, 23999));
        Bridge bridge = bridge(consul, specs)) {
      if (proxies > 0) {
        Path consuls = consul.binary().toAbsolutePath().getParent();
        Files.writeString(
            specs.resolve("proxies.nomad.hcl"), PROXY.formatted(proxies, consuls), UTF_8);
      }
      long start = System.nanoTime();
      bridge.start();
      await()
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptionsInstanceOf(IllegalStateException.class) // it does not work yet
          .until(() -> running(bridge) == sleepers + proxies);
      System.out.printf(
          "bench: %d sleepers and %d proxies run after %d ms%n",
          sleepers, proxies, (System.nanoTime() - start) / 1_000_000);
      drain(consul, bridge, specs, sleepers + proxies);
    }
  }

  private Bridge bridge(RealConsul consul, Path specs) {
    return Bridge.builder()
        .consul(consul.address())
        .source(new SpecPaths(List.of(specs)))
        .dataDirectory(temp.resolve("data"))
        .runDirectory(temp)
        .choices(Choices.NONE.with(SidecarTask.BUILTIN))
        .removals(Consent.GIVEN)
        .runTasks(Optional.of("unix://" + temp.resolve("no-docker.sock")))
        .build();
  }

  private static long running(Bridge bridge) {
    return bridge.status().toCompletableFuture().join().tasks().stream()
        .filter(task -> task.state() == State.RUNNING)
        .count();
  }

  private void drain(RealConsul consul, Bridge bridge, Path specs, int all) throws Exception {
    Instant asked = Instant.now();
    try (var files = Files.list(specs)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    bridge.wake();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(2))
        .until(
            () ->
                !bridge.status().toCompletableFuture().join().drains().isEmpty()
                    || !receipts().isEmpty());
    signal(consul, "STOP");
    await()
        .pollDelay(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(30))
        .until(() -> Duration.between(asked, Instant.now()).toSeconds() >= 5);
    signal(consul, "CONT");
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(JsonProcessingException.class) // half a line
        .until(() -> receipts().size() >= all);
    System.out.printf(
        "bench: %d receipts %d ms after the files were removed%n",
        all, Duration.between(asked, Instant.now()).toMillis());
    tell(receipts());
    assertThat(running(bridge)).isZero();
    assertThat(receipts()).hasSize(all);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> consul.get("/v1/agent/services").strip().equals("{}"));
  }

  private static void tell(List<JsonNode> receipts) {
    long deregistered = 0;
    long absent = 0;
    long gone = 0;
    long late = 0;
    long proven = 0;
    for (JsonNode receipt : receipts) {
      deregistered = Math.max(deregistered, receipt.path("deregistered_at_agent_ms").asLong());
      absent = Math.max(absent, receipt.path("absent_from_catalog_ms").asLong());
      proven += receipt.path("proven").asBoolean() ? 1 : 0;
      for (JsonNode task : receipt.path("tasks")) {
        gone = Math.max(gone, task.path("exit_ms").asLong());
        late = Math.max(late, task.path("exit_ms").asLong() - task.path("signal_ms").asLong());
        boolean after =
            receipt.path("absent_from_catalog_ms").isNumber()
                && task.path("signal_ms").asLong()
                    >= receipt.path("absent_from_catalog_ms").asLong();
        assertThat(after || !receipt.path("proven").asBoolean()).as("%s", receipt).isTrue();
        assertThat(task.path("exit_ms").asLong()).as("%s", receipt).isLessThan(12_000);
      }
    }
    System.out.printf(
        "bench: all deregistered after %d ms, absent after %d ms, gone after %d ms; signal to exit"
            + " %d ms at most; %d of %d proven%n",
        deregistered, absent, gone, late, proven, receipts.size());
  }

  private List<JsonNode> receipts() throws IOException {
    Path book = temp.resolve("data/receipts.jsonl");
    List<JsonNode> receipts = new ArrayList<>();
    if (Files.exists(book)) {
      for (String line : Files.readAllLines(book)) {
        receipts.add(JSON.readTree(line));
      }
    }
    return receipts;
  }

  private static void signal(RealConsul consul, String name) throws Exception {
    new ProcessBuilder("/bin/kill", "-" + name, String.valueOf(consul.process().pid()))
        .start()
        .waitFor();
  }
}
