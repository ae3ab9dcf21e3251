package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spec that says more than the agent knows. */
class OldConsulIT {
  private static final String SPEC =
      Specs.job(
          """
          name = "cart"
          port = "9001"
          check {
            type = "http"
            path = "/"
            interval = "5s"
            timeout = "2s"
            tls_server_name = "cart.example"
            failures_before_critical = 3
            failures_before_warning = 2
          }
          connect {
            sidecar_service {
              proxy {
                transparent_proxy {}
                upstreams {
                  destination_name = "db"
                  destination_partition = "p"
                  local_bind_port = 8001
                  local_bind_socket_mode = "0600"
                }
                upstreams {
                  destination_name = "mail"
                  destination_peer = "far"
                  local_bind_port = 8002
                }
              }
            }
          }
          """);

  @TempDir private Path specs;

  @Test
  void whatConsul187DoesNotKnowIsLeftOutAndTheNextPassWritesNothing() throws IOException {
    Files.writeString(specs.resolve("shop.nomad.hcl"), SPEC);
    try (RealConsul consul = RealConsul.dev();
        CountingProxy proxy = CountingProxy.before(consul.httpPort());
        Bridge bridge =
            Bridge.builder()
                .consul(proxy.address())
                .source(new SpecPaths(List.of(specs)))
                .build()) {
      Outcome first = bridge.runOnce();
      Outcome second = bridge.runOnce();

      assertThat(first.failures()).isEmpty();
      assertThat(first.done()).isTrue();
      assertThat(first.desired().warnings())
          .extracting(Problem::message)
          .filteredOn(message -> message.startsWith("Consul 1.8.7 does not know"))
          .hasSize(6);
      assertThat(second.done()).isTrue();
      assertThat(second.plan().isEmpty()).isTrue();
      assertThat(proxy.writes()).hasSize(1);
    }
  }
}
