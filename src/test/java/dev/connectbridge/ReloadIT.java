package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.consul.ConsulAgent.Pace;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code consul reload} makes an agent without a data directory forget what was registered. */
@RunsBeside
class ReloadIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String GATE =
      """
      name = "gate"
      port = "http"
      connect {
        gateway {
          ingress {
            listener {
              port     = 8080
              protocol = "http"
              service {
                name = "api"
              }
            }
          }
        }
      }
      """;

  /** After so many the pauses between two are long. */
  private static final int TRIES = 6;

  @TempDir private Path specs;
  @TempDir private Path run;
  private RealConsul consul;
  private CountingProxy proxy;
  private Bridge bridge;

  @BeforeEach
  void start() {
    consul = RealConsul.dev();
    proxy = CountingProxy.before(consul.httpPort());
  }

  @AfterEach
  void stop() {
    if (bridge != null) {
      bridge.close();
    }
    proxy.close();
    consul.close();
  }

  @Test
  void whatItForgetsIsBackAndTheQuickestOfFourTimesWithinTwoSeconds() throws IOException {
    start(20, Pace.ANY);

    List<Long> healed = reloads(20);

    System.out.printf("reload of a dev agent: 20 services back after %s ms%n", healed);
    assertThat(healed).as("the next look is after 30 s").anyMatch(time -> time < 2_000);
  }

  /** Consul takes no listener for http to a service of which it does not know that it is. */
  @Test
  void besideAnEntryThatConsulNeverTakesTheQuickestOfFourIsWithinTwoSecondsToo()
      throws IOException {
    Files.writeString(specs.resolve("gate.nomad.hcl"), Specs.job(GATE));
    start(20, Pace.ANY);
    await().atMost(Duration.ofMinutes(2)).until(() -> proxy.count("PUT", "/v1/config") >= TRIES);

    List<Long> healed = reloads(20);

    System.out.printf(
        "reload beside an entry that is never taken: 20 services back after %s ms%n", healed);
    assertThat(consul.get("/v1/config/ingress-gateway").strip()).isEqualTo("[]");
    assertThat(healed).as("it waits for up to 30 s").anyMatch(time -> time < 2_000);
  }

  @Test
  void whatItForgetsIsWrittenBackAtThePaceThatWasSaid() throws IOException {
    start(60, new Pace(20, 1000));

    long healed = reload(60);

    System.out.printf("reload of a dev agent: 60 services at 20/s back after %d ms%n", healed);
    assertThat(healed).isBetween(1_000L, 15_000L);
  }

  private List<Long> reloads(int services) {
    return Stream.generate(() -> reload(services)).limit(4).toList();
  }

  private long reload(int services) {
    long told = System.nanoTime();
    consul.put("/v1/agent/reload", "");
    await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> held() < services);
    await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> held() == services);
    return Duration.ofNanos(System.nanoTime() - told).toMillis();
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
            .consul(proxy.address())
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
