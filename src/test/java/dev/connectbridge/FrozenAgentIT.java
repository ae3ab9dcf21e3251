package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.converge.Condition;
import dev.connectbridge.converge.Condition.Kind;
import dev.connectbridge.converge.Condition.Truth;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that is stopped takes connections and answers nobody, and then goes on as it was. */
class FrozenAgentIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path run;

  private static Snapshot files() {
    return new Snapshot(
        List.of(
            Specs.file("a.hcl", Specs.job("name = \"ice\"\nport = \"9001\"")),
            Specs.file(
                "b.hcl",
                Specs.job("name = \"snow\"\nport = \"9002\"")
                    .replaceFirst("job \"", "job \"another-"))),
        true,
        List.of());
  }

  private static void send(String signal, RealConsul consul)
      throws IOException, InterruptedException {
    String pid = String.valueOf(consul.process().pid());
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }

  private static boolean are(Bridge bridge, Truth truth) {
    List<Condition> all =
        bridge.convergence().toCompletableFuture().join().entries().stream()
            .flatMap(entry -> entry.conditions().stream())
            .filter(condition -> condition.kind() == Kind.AGENT_REGISTERED)
            .toList();
    return all.size() == 2 && all.stream().allMatch(one -> one.truth() == truth);
  }

  @Test
  void readsEndAfterTwoSecondsNothingGoesAndNothingIsWrittenAgain() throws Exception {
    try (RealConsul consul = RealConsul.dev();
        CountingProxy proxy = CountingProxy.before(consul.httpPort());
        Bridge bridge =
            Bridge.builder()
                .consul(proxy.address())
                .runDirectory(run)
                .leaveOnExit(true)
                .resync(Duration.ofMinutes(5))
                .source(FrozenAgentIT::files)
                .build()) {
      bridge.start();
      await()
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(IllegalStateException.class) // it does not work yet
          .until(() -> are(bridge, Truth.TRUE));
      int before = proxy.writes().size();

      send("-STOP", consul);
      long stopped = System.nanoTime();
      bridge.wake();
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(SOON)
          .until(() -> are(bridge, Truth.UNKNOWN));
      Duration noticed = Duration.ofNanos(System.nanoTime() - stopped);

      send("-CONT", consul);
      long goesOn = System.nanoTime();
      await().pollInterval(Duration.ofMillis(20)).atMost(SOON).until(() -> are(bridge, Truth.TRUE));
      Duration back = Duration.ofNanos(System.nanoTime() - goesOn);

      System.out.printf(
          "frozen agent: noticed after %d ms, seen again after %d ms%n",
          noticed.toMillis(), back.toMillis());
      assertThat(noticed).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(9));
      assertThat(back).isLessThan(Duration.ofSeconds(10));
      assertThat(proxy.writes()).hasSize(before);
      assertThat(consul.get("/v1/agent/services")).contains("\"ice\"", "\"snow\"");
    }
  }
}
