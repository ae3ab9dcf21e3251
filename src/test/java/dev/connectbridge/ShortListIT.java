package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real agent that reloads its configuration under a bridge that looks all the time. */
@RunsBeside
class ShortListIT {
  private static final int SERVICES = 400;
  private static final String SERVICES_PATH = "/v1/agent/services";

  @TempDir private Path run;

  private Bridge bridge(CountingProxy proxy) {
    String group =
        Specs.group(
            "count = %d\nservice {\nname = \"many\"\nport = \"http\"\n}".formatted(SERVICES));
    Snapshot files = Specs.snapshot("many.hcl", group);
    return Bridge.builder().consul(proxy.address()).runDirectory(run).source(() -> files).build();
  }

  private static int listed(RealConsul consul) {
    return consul.get("/v1/agent/services").split("\"connect-bridge-hash\"", -1).length - 1;
  }

  private static void reload(RealConsul consul) {
    try {
      int exit =
          new ProcessBuilder(consul.binary().toString(), "reload", "-http-addr=" + consul.address())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      assertThat(exit).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does pass after pass while the agent reloads, until three have met a short list. */
  private static void passWhileItReloads(
      RealConsul consul, CountingProxy proxy, Supplier<Outcome> pass) {
    assertThat(listed(consul)).isEqualTo(SERVICES);
    proxy.forget();
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> reloads =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                reload(consul);
              }
            });
    int passes = 0;
    while (passes < 200 && proxy.count("GET", SERVICES_PATH) < passes + 3) {
      assertThat(pass.get().withheld()).isEmpty();
      passes++;
    }
    over.set(true);
    reloads.join();

    long looks = proxy.count("GET", SERVICES_PATH);
    System.out.printf(
        "reload: %d passes looked %d times at %d services; %d writes%n",
        passes, looks, SERVICES, proxy.writes().size());
    assertThat(looks).as("no pass met a short list").isGreaterThan(passes);
    assertThat(proxy.writes()).isEmpty();
    assertThat(listed(consul)).isEqualTo(SERVICES);
  }

  @Test
  void aReloadOfAnAgentThatRemembersIsNotWrittenFrom() {
    try (RealConsul consul = RealConsul.start(RealConsul.Options.persistentServer());
        CountingProxy proxy = CountingProxy.before(consul.httpPort());
        Bridge bridge = bridge(proxy)) {
      assertThat(bridge.runOnce().done()).isTrue();

      passWhileItReloads(consul, proxy, bridge::runOnce);
    }
  }

  @Test
  void norByOneThatHasJustBegun() {
    try (RealConsul consul = RealConsul.start(RealConsul.Options.persistentServer());
        CountingProxy proxy = CountingProxy.before(consul.httpPort())) {
      assertThat(once(proxy).done()).isTrue();

      passWhileItReloads(consul, proxy, () -> once(proxy));
    }
  }

  private Outcome once(CountingProxy proxy) {
    try (Bridge bridge = bridge(proxy)) {
      return bridge.runOnce();
    }
  }

  @Test
  void aReloadOfAnAgentThatForgetsIsHealed() throws Exception {
    try (RealConsul consul = RealConsul.dev();
        CountingProxy proxy = CountingProxy.before(consul.httpPort());
        Bridge bridge = bridge(proxy)) {
      bridge.start();
      await().atMost(Duration.ofMinutes(1)).until(() -> listed(consul) == SERVICES);

      reload(consul);
      long start = System.nanoTime();

      await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofSeconds(20))
          .until(() -> listed(consul) == SERVICES);
      System.out.printf(
          "reload: %d services lost for good are back after %d ms%n",
          SERVICES, (System.nanoTime() - start) / 1_000_000);
    }
  }
}
