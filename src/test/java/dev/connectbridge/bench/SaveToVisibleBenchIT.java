package dev.connectbridge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.Bridge;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.RealConsul;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long it takes from saving a file until the agent shows the registration. */
@Tag("bench")
class SaveToVisibleBenchIT {
  private static final String JOB =
      """
      job "shop" {
        group "api" {
          network {
            mode = "bridge"
          }
          service {
            name = "cart"
            port = "9001"
            tags = ["round-%d"]
            connect {
              sidecar_service {}
            }
          }
        }
      }
      """;

  @TempDir private Path specs;
  @TempDir private Path run;
  private final OkHttpClient client = new OkHttpClient();

  @Test
  void fromSavingAFileToTheAgentShowingIt() throws Exception {
    int rounds = 5 + Integer.getInteger("bench.rounds", 1);
    long[] micros = new long[rounds];
    try (RealConsul consul = RealConsul.dev();
        Bridge bridge =
            Bridge.builder()
                .consul(consul.address())
                .runDirectory(run)
                .source(new SpecPaths(List.of(specs)))
                .build()) {
      Path file = specs.resolve("shop.nomad.hcl");
      Files.writeString(file, JOB.formatted(-1), UTF_8);
      bridge.start();
      awaitTag(consul, -1);
      for (int round = 0; round < rounds; round++) {
        long saved = System.nanoTime();
        Files.writeString(file, JOB.formatted(round), UTF_8);
        awaitTag(consul, round);
        micros[round] = (System.nanoTime() - saved) / 1000;
      }
    }
    Arrays.sort(micros);
    System.out.printf(
        "bench: saved to visible, %d rounds: median %.1f ms, p95 %.1f ms, max %.1f ms%n",
        rounds,
        micros[rounds / 2] / 1000.0,
        micros[(int) (rounds * 0.95)] / 1000.0,
        micros[rounds - 1] / 1000.0);
    assertThat(micros[0]).isPositive();
  }

  /** Asks without a pause: a request costs the agent a tenth of a millisecond. */
  private void awaitTag(RealConsul consul, int round) throws Exception {
    Request request = new Request.Builder().url(consul.address() + "/v1/agent/services").build();
    for (int tries = 0; tries < 200_000; tries++) {
      try (Response response = client.newCall(request).execute()) {
        if (response.body().string().contains("\"round-" + round + "\"")) {
          return;
        }
      }
    }
    throw new AssertionError("round " + round + " never became visible");
  }
}
