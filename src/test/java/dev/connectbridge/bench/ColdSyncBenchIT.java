package dev.connectbridge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.Bridge;
import dev.connectbridge.consul.AgentRequests;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.RealConsul;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sync of many services into an empty agent, beside a bare loop that sends the same bodies. */
@Tag("bench")
class ColdSyncBenchIT {
  private static final String JOB =
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
            connect {
              sidecar_service {}
            }
          }
        }
      }
      """;

  @TempDir private Path specs;
  private final OkHttpClient client = new OkHttpClient();

  @Test
  void aColdSyncBesideABareLoop() throws Exception {
    boolean quick = Integer.getInteger("bench.rounds", 1) == 1;
    int services = quick ? 40 : 1000;
    int rounds = quick ? 1 : 5;
    Files.writeString(specs.resolve("many.nomad.hcl"), JOB.formatted(services), UTF_8);
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      ratios[round] = measure();
    }
    Arrays.sort(ratios);
    System.out.printf(
        "bench: cold sync of %d services, bridge / bare loop: median %.3f (min %.3f, max %.3f)%n",
        services, ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
    assertThat(ratios[0]).isPositive();
  }

  private double measure() throws Exception {
    List<byte[]> bodies;
    long bare;
    try (RealConsul consul = RealConsul.dev();
        Bridge bridge = bridge(consul)) {
      bodies =
          bridge.plan().desired().workloads().stream()
              .map(workload -> AgentRequests.register(workload.registration()).body())
              .map(body -> body.toString().getBytes(UTF_8))
              .toList();
      long start = System.nanoTime();
      for (byte[] body : bodies) {
        put(consul.address() + AgentRequests.REGISTER, body);
      }
      bare = System.nanoTime() - start;
    }
    try (RealConsul consul = RealConsul.dev();
        Bridge bridge = bridge(consul)) {
      long start = System.nanoTime();
      Outcome outcome = bridge.runOnce();
      long ours = System.nanoTime() - start;
      assertThat(outcome.done()).isTrue();
      int written = outcome.plan().changes().size();
      System.out.printf(
          "bench: %d services: bridge %.0f ms, bare loop %.0f ms for %d%n",
          written, ours / 1e6, bare / 1e6, bodies.size());
      return ((double) ours / written) / ((double) bare / bodies.size());
    }
  }

  private Bridge bridge(RealConsul consul) {
    return Bridge.builder().consul(consul.address()).source(new SpecPaths(List.of(specs))).build();
  }

  private void put(String url, byte[] body) throws Exception {
    Request request =
        new Request.Builder()
            .url(url)
            .put(RequestBody.create(body, MediaType.get("application/json")))
            .build();
    try (Response response = client.newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
  }
}
