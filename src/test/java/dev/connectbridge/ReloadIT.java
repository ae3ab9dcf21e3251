package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.consul.ConsulAgent.Pace;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code consul reload} makes an agent without a data directory forget what was registered. */
@RunsBeside
class ReloadIT {
  @TempDir private Path specs;
  @TempDir private Path run;
  private RealConsul consul;
  private Bridge bridge;

  @BeforeEach
  void start() {
    consul = RealConsul.dev();
  }

  @AfterEach
  void stop() {
    if (bridge != null) {
      bridge.close();
    }
    consul.close();
  }

  @Test
  void whatItForgetsIsBackWithinASecond() throws IOException {
    start(20, Pace.ANY);

    long healed = reload(20);

    System.out.printf("reload of a dev agent: 20 services back after %d ms%n", healed);
    assertThat(healed).as("long before the next look, after 30 s").isLessThan(10_000);
  }

  @Test
  void whatItForgetsIsWrittenBackAtThePaceThatWasSaid() throws IOException {
    start(60, new Pace(20, 1000));

    long healed = reload(60);

    System.out.printf("reload of a dev agent: 60 services at 20/s back after %d ms%n", healed);
    assertThat(healed).isBetween(1_000L, 15_000L);
  }

  private long reload(int services) {
    consul.put("/v1/agent/reload", "");
    long gone = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ofMillis(30))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> held() == services);
    return Duration.ofNanos(System.nanoTime() - gone).toMillis();
  }

  private void start(int services, Pace pace) throws IOException {
    Files.writeString(
        specs.resolve("many.nomad.hcl"),
        """
        job "many" {
          group "api" {
            count = %d
            network {
              mode = "bridge"
            }
            service {
              name = "cart"
              port = "9001"
            }
          }
        }
        """
            .formatted(services));
    bridge =
        Bridge.builder()
            .consul(consul.address())
            .runDirectory(run)
            .pace(pace)
            .source(new SpecPaths(List.of(specs)))
            .build();
    bridge.start();
    await().atMost(Duration.ofSeconds(30)).until(() -> held() == services);
  }

  private long held() {
    return consul
        .get("/v1/agent/services")
        .lines()
        .filter(line -> line.contains("\"Service\": \"cart\""))
        .count();
  }
}
