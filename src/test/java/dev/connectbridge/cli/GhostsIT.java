package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.Bridge;
import dev.connectbridge.control.ControlSocket;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealConsul.AclToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a token that died left in the catalog, and the command that removes it. */
class GhostsIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String MASTER = "5f0b1f2e-1111-4222-8333-444444444444";
  private static final String READS =
      """
      service_prefix "" { policy = "read" }
      node_prefix "" { policy = "read" }
      agent_prefix "" { policy = "read" }
      """;
  private static final String WRITES = READS + "service_prefix \"web\" { policy = \"write\" }\n";

  @TempDir private Path temp;
  private final AtomicReference<String> token = new AtomicReference<>(MASTER);
  private Path specs;
  private Path data;
  private RealConsul consul;

  @BeforeEach
  void start() throws IOException {
    specs = Files.createDirectory(temp.resolve("specs"));
    data = Files.createDirectory(temp.resolve("data"));
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
  }

  @AfterEach
  void end() {
    consul.close();
  }

  private Bridge bridge() {
    return Bridge.builder()
        .consul(consul.address())
        .token(() -> Optional.of(token.get()))
        .dataDirectory(data)
        .runDirectory(temp)
        .leaveOnExit(true)
        .resync(Duration.ofSeconds(1))
        .source(new SpecPaths(List.of(specs)))
        .build();
  }

  /** Returns the IDs, the sidecar's first, of what the servers go on showing. */
  private List<String> leaveGhosts() throws IOException {
    AclToken first = consul.tokenFor(WRITES);
    token.set(first.secret());
    Path spec = specs.resolve("web.nomad.hcl");
    Files.writeString(
        spec,
        """
        job "web" {
          group "front" {
            network {
              mode = "bridge"
            }
            service {
              name = "web"
              port = "9001"
              connect {
                sidecar_service {}
              }
            }
          }
        }
        """);
    try (Bridge bridge = bridge()) {
      bridge.start();
      for (String name : List.of("web", "web-sidecar-proxy")) {
        await().atMost(SOON).until(() -> catalog(name).contains("ServiceID"));
      }
    }
    Files.delete(spec);
    consul.revoke(first);
    var found = Pattern.compile("\"ServiceID\":\\s*\"([^\"]+)\"").matcher(catalog("web"));
    assertThat(found.find()).isTrue();
    String id = found.group(1);
    for (String gone : List.of(id + "-sidecar-proxy", id)) {
      consul.put("/v1/agent/service/deregister/" + gone, "");
    }
    return List.of(id + "-sidecar-proxy", id);
  }

  private String catalog(String service) {
    return consul.get("/v1/catalog/service/" + service);
  }

  private Typed ghosts(String... more) {
    List<String> line = new ArrayList<>(List.of("ghosts", "--data-dir", data.toString()));
    line.addAll(List.of(more));
    return Typed.of(line.toArray(String[]::new));
  }

  @Test
  void aGhostIsRemovedOnceTheTokenMay() throws Exception {
    List<String> ids = leaveGhosts();
    token.set(consul.tokenFor(READS).secret());
    try (Bridge bridge = bridge()) {
      bridge.start();
      try (ControlSocket socket = ControlSocket.open(data, new RunningBridge(bridge))) {
        assertThat(socket).isNotNull();
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(ghosts("--remove", ids.get(0)).err())
                        .contains(
                            "service:write on \"web\" and service:write on \"web-sidecar-proxy\""));

        token.set(consul.tokenFor(WRITES).secret());
        assertThat(ghosts("--remove", "_connect-bridge-nobody").err()).contains("no ghost");
        for (String id : ids) {
          Typed removed = ghosts("--remove", id);
          assertThat(removed.exit()).as(removed.err()).isZero();
          assertThat(removed.out()).startsWith("Removed: " + id);
        }
        await().atMost(SOON).until(() -> catalog("web").strip().equals("[]"));
        assertThat(catalog("web-sidecar-proxy").strip()).isEqualTo("[]");
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(ghosts().out()).isEqualTo("No ghosts.\n"));
      }
    }
  }
}
