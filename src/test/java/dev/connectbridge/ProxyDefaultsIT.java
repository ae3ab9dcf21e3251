package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FreePorts;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.Specs;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Defaults that the cluster lays over every proxy. */
class ProxyDefaultsIT {
  @TempDir private Path run;

  /** Consul 1.8 lays it over where it is told to, later ones unless they are told not to. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTheClusterLaysOverAProxyIsNoDifference(boolean central) throws Exception {
    Snapshot files =
        Specs.snapshot(
            "shop.hcl",
            Specs.job(
                """
                name = "web"
                port = "http"
                connect {
                  sidecar_service {
                    proxy {
                      config {
                        off   = false
                        inner = { mine = 1 }
                      }
                      upstreams {
                        destination_name = "cart"
                        local_bind_port = %d
                      }
                    }
                  }
                }
                """
                    .formatted(FreePorts.pick(1).get(0))));
    String hcl = "enable_central_service_config = " + central;
    try (RealConsul consul = RealConsul.start(RealConsul.Options.dev().with(hcl));
        Bridge bridge =
            Bridge.builder()
                .consul(consul.address())
                .runDirectory(run)
                .source(() -> files)
                .build()) {
      consul.put(
          "/v1/config",
          "{\"Kind\":\"proxy-defaults\",\"Name\":\"global\",\"MeshGateway\":{\"Mode\":\"local\"},"
              + "\"Config\":{\"protocol\":\"http\",\"off\":true,\"inner\":{\"theirs\":2}}}");

      assertThat(bridge.runOnce().plan().changes()).hasSize(1);

      await("the agent shows it")
          .until(() -> consul.get("/v1/agent/services").contains("\"protocol\"") == central);
      assertThat(bridge.plan().plan().isEmpty()).isTrue();
    }
  }
}
