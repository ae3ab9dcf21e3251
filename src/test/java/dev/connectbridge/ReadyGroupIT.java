package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.converge.Condition;
import dev.connectbridge.converge.Condition.Kind;
import dev.connectbridge.exec.RawExecDriver;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.FreePorts;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real proxy before a real agent: when it is ready, and the check that is run in its task. */
class ReadyGroupIT {
  private static final String JOB =
      """
      job "shop" {
        group "api" {
          network { mode = "bridge" }
          service {
            name = "cart"
            port = "9001"
            check {
              name     = "disk"
              type     = "script"
              task     = "connect-proxy-cart"
              command  = "/bin/sh"
              args     = ["-c", "echo looked in $NOMAD_TASK_DIR; test ! -e ${NOMAD_TASK_DIR}/full"]
              interval = "1s"
              timeout  = "5s"
            }
            connect {
              sidecar_service {
                proxy {
                  upstreams {
                    destination_name = "stock"
                    local_bind_port  = %d
                  }
                }
              }
              sidecar_task {
                shutdown_delay = "0s"
                env {
                  PATH = "%s:/usr/bin:/bin"
                }
              }
            }
          }
        }
      }
      """;

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path temp;
  private RealConsul consul;
  private Bridge bridge;

  @BeforeEach
  void start() throws IOException {
    consul = RealConsul.dev();
    Path specs = Files.createDirectories(temp.resolve("specs"));
    Files.writeString(
        specs.resolve("shop.nomad.hcl"),
        JOB.formatted(FreePorts.pick(1).get(0), consul.binary().getParent()),
        UTF_8);
    bridge =
        Bridge.builder()
            .consul(consul.address())
            .runDirectory(temp.resolve("run"))
            .dataDirectory(temp.resolve("data"))
            .drivers(List.of(new RawExecDriver(temp.resolve("data/exec"))))
            .source(new SpecPaths(List.of(specs)))
            .choices(Choices.NONE.with(SidecarTask.BUILTIN))
            .build();
    bridge.start();
  }

  @AfterEach
  void stop() {
    if (bridge != null) {
      bridge.close();
    }
    if (consul != null) {
      consul.close();
    }
  }

  /** Returns what the check says while it has this status. */
  private String check(String status) throws IOException {
    for (JsonNode check : new ObjectMapper().readTree(consul.get("/v1/health/checks/cart"))) {
      if (check.path("Name").asText().equals("disk")
          && check.path("Status").asText().equals(status)) {
        return check.path("Output").asText();
      }
    }
    return "";
  }

  private String readiness(boolean upstreams) throws Exception {
    return bridge.readiness("shop/api[0]", upstreams).toCompletableFuture().get().toString();
  }

  /** Returns what is not well with the one entry. */
  private List<Kind> ills() throws Exception {
    return bridge.convergence().toCompletableFuture().get().entries().get(0).ills().stream()
        .map(Condition::kind)
        .toList();
  }

  private void deny() throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(
            consul.binary().toString(), "intention", "create", "-deny", "cart", "stock");
    command.environment().put("CONSUL_HTTP_ADDR", consul.address());
    assertThat(command.start().waitFor()).isZero();
  }

  @Test
  void aProxyThatListensMakesItsGroupReadyAndChecksRunInItsTask() throws Exception {
    String said = await().atMost(SOON).until(() -> check("passing"), text -> !text.isEmpty());
    assertThat(said).contains("looked in " + temp.resolve("data/alloc"));

    await().atMost(SOON).until(() -> readiness(false).equals("READY"));
    await()
        .atMost(SOON)
        .until(() -> bridge.status().toCompletableFuture().get().ready().contains("shop.api[0]"));
    await().atMost(SOON).until(() -> ills().equals(List.of(Kind.UPSTREAMS_READY)));
    awaitReadiness("WAITING: upstream stock: no healthy instance can be connected to");
    deny();
    awaitReadiness("DENIED: no intention lets cart connect to stock");

    Path data = temp.resolve("data/alloc");
    try (var files = Files.walk(data)) {
      Path local =
          files
              .filter(file -> file.toString().endsWith("connect-proxy-cart/local"))
              .findFirst()
              .orElseThrow();
      Files.createFile(local.resolve("full"));
    }
    await().atMost(SOON).until(() -> !check("warning").isEmpty());
  }

  private void awaitReadiness(String words) {
    await().atMost(SOON).untilAsserted(() -> assertThat(readiness(true)).isEqualTo(words));
  }
}
