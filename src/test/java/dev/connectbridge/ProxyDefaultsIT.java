package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.FreePorts;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.Specs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Defaults that the cluster lays over every proxy. */
class ProxyDefaultsIT {
  @TempDir private Path run;

  @Test
  void whatTheClusterLaysOverAProxyIsNoDifference() throws Exception {
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
                      upstreams {
                        destination_name = "cart"
                        local_bind_port = %d
                      }
                    }
                  }
                }
                """
                    .formatted(FreePorts.pick(1).get(0))));
    try (RealConsul consul = RealConsul.dev();
        Bridge bridge =
            Bridge.builder()
                .consul(consul.address())
                .runDirectory(run)
                .source(() -> files)
                .build()) {
      consul.put(
          "/v1/config",
          "{\"Kind\":\"proxy-defaults\",\"Name\":\"global\",\"MeshGateway\":{\"Mode\":\"local\"},"
              + "\"Config\":{\"protocol\":\"http\"}}");

      assertThat(bridge.runOnce().plan().changes()).hasSize(1);

      assertThat(bridge.plan().plan().isEmpty()).isTrue();
    }
  }
}
