package dev.connectbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.bench.Load.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Instances are drained and replaced under load. The bridge deregisters, proves it, and only then
 * signals: no request fails. Who signals first sees requests fail.
 */
@Tag("bench")
class ZeroFailedRequestsIT {
  private static final boolean QUICK = Integer.getInteger("bench.rounds", 1) == 1;

  /** How many requests are made between two drains. */
  private static final int REQUESTS = QUICK ? 600 : 1000;

  /** A client that is not run for so long after it has chosen a connection loses it. */
  private static final Duration DELAY = Duration.ofSeconds(2);

  /** How long a client keeps a connection that is to be no trouble. */
  private static final Duration KEPT = Duration.ofMillis(250);

  @TempDir private static Path home;
  private static Mesh mesh;

  @BeforeAll
  static void start() throws IOException {
    mesh = new Mesh(home);
  }

  @AfterAll
  static void stop() {
    if (mesh != null) {
      mesh.close();
    }
  }

  @Test
  void noRequestFailsWhenInstancesAreDrainedAndReplaced() throws Exception {
    int drains = QUICK ? 3 : 20;
    both(DELAY);
    List<JsonNode> receipts = new ArrayList<>();
    Figures figures;
    try (Load load = new Load(mesh.upstream(), KEPT)) {
      for (int round = 0; round < drains; round++) {
        load.awaitAsked((long) round * REQUESTS + REQUESTS / 2);
        receipts.add(round % 4 < 2 ? drained(round % 2) : removed(round % 2, DELAY));
      }
      load.awaitAsked((long) drains * REQUESTS + REQUESTS / 2);
      figures = load.stop();
    }
    say("deregistered first, " + DELAY.toMillis() + " ms before the signal", figures, receipts);

    assertThat(figures.failed()).isEmpty();
    assertThat(figures.careful()).isEmpty();
    assertThat(figures.kept())
        .allSatisfy(lost -> assertThat(lost).hasSizeLessThanOrEqualTo(drains));
    assertThat(receipts).allMatch(receipt -> receipt.path("proven").asBoolean());
    assertThat(mesh.served()).allMatch(count -> count > figures.asked() / 10);
  }

  @Test
  void withoutAnyDelayTheSignalStillWaitsForTheProof() throws Exception {
    int drains = QUICK ? 1 : 20;
    both(Duration.ZERO);
    List<JsonNode> receipts = new ArrayList<>();
    Figures figures;
    try (Load load = new Load(mesh.upstream(), DELAY)) {
      for (int round = 0; round < drains; round++) {
        load.awaitAsked((long) round * REQUESTS / 2 + REQUESTS / 4);
        receipts.add(removed(round % 2, Duration.ZERO));
      }
      load.awaitAsked((long) drains * REQUESTS / 2 + REQUESTS / 4);
      figures = load.stop();
    }
    say("deregistered first, no delay at all", figures, receipts);

    assertThat(receipts)
        .allMatch(receipt -> receipt.path("proven").asBoolean())
        .allMatch(receipt -> signalled(receipt) >= receipt.path("absent_from_catalog_ms").asLong());
  }

  @Test
  void requestsFailWhenTheProxyIsSignalledBeforeItIsDeregistered() throws Exception {
    int drains = QUICK ? 1 : 20;
    both(Duration.ZERO);
    List<JsonNode> receipts = new ArrayList<>();
    Figures figures;
    try (Load load = new Load(mesh.upstream(), DELAY)) {
      for (int round = 0; round < drains; round++) {
        load.awaitAsked(load.asked() + REQUESTS / 4);
        mesh.signal(round % 2);
        load.awaitAsked(load.asked() + 20);
        receipts.add(removed(round % 2, Duration.ZERO));
      }
      figures = load.stop();
    }
    say("signalled first", figures, receipts);

    assertThat(figures.failed()).isNotEmpty();
  }

  private static void both(Duration delay) throws IOException {
    mesh.put(0, delay);
    mesh.put(1, delay);
    mesh.awaitReady();
  }

  private static JsonNode drained(int instance) throws IOException {
    JsonNode receipt = mesh.drain(instance);
    mesh.resume(instance);
    mesh.awaitReady();
    return receipt;
  }

  private static JsonNode removed(int instance, Duration delay) throws IOException {
    JsonNode receipt = mesh.remove(instance);
    mesh.put(instance, delay);
    mesh.awaitReady();
    return receipt;
  }

  private static long signalled(JsonNode receipt) {
    return receipt.path("tasks").path(0).path("signal_ms").asLong();
  }

  private static void say(String how, Figures figures, List<JsonNode> receipts) {
    LongSummaryStatistics proofs =
        receipts.stream()
            .mapToLong(receipt -> receipt.path("absent_from_catalog_ms").asLong())
            .summaryStatistics();
    LongSummaryStatistics signals =
        receipts.stream().mapToLong(ZeroFailedRequestsIT::signalled).summaryStatistics();
    System.out.printf(
        "bench: %s: %s; %d drains, proven after %d to %d ms, signalled after %d to %d ms%n",
        how,
        figures,
        receipts.size(),
        proofs.getMin(),
        proofs.getMax(),
        signals.getMin(),
        signals.getMax());
    figures.failed().stream().limit(5).forEach(failure -> System.out.println("  " + failure));
  }
}
