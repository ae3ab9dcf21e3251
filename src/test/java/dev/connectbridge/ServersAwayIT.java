package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.RealCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway beside a service, at a real client agent whose servers are away. */
class ServersAwayIT {
  private static final String JOB =
      """
      job "shop" {
        group "api" {
          network { mode = "bridge" }
          service {
            name = "web"
            port = "9001"
          }
          service {
            name = "gate"
            port = "9002"
            connect {
              gateway {
                ingress {
                  listener {
                    port     = 8080
                    protocol = "tcp"
                    service { name = "web" }
                  }
                }
              }
            }
          }
        }
      }
      """;

  @TempDir private Path specs;

  @Test
  void servicesAreRegisteredAndTheEntryIsWrittenOnceTheyAreBack()
      throws IOException, AgentException {
    Files.writeString(specs.resolve("shop.nomad.hcl"), JOB);
    try (RealCluster cluster = RealCluster.ofClientAndServer();
        Bridge bridge =
            Bridge.builder()
                .consul(cluster.address())
                .source(new SpecPaths(List.of(specs)))
                .build()) {
      cluster.loseServers();

      Outcome outcome = bridge.runOnce();

      assertThat(outcome.failures())
          .extracting(Failure::id)
          .containsExactly("ingress-gateway/gate");
      assertThat(outcome.plan().changes()).hasSize(2);
      assertThat(bridge.plan().plan().isEmpty()).isTrue();
      assertThat(bridge.plan().unread()).hasSize(1);

      cluster.regainServers();

      cluster.eventually("all is done", () -> bridge.runOnce().done());
      assertThat(bridge.plan().observed().entries()).hasSize(1);
    }
  }
}
