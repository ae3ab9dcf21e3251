package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.sidecar.TaskDriver;
import dev.connectbridge.source.Source;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.FakeCatalog;
import dev.connectbridge.testing.FakeDriver;
import dev.connectbridge.testing.Proxied;
import dev.connectbridge.testing.Specs;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoundDriverTest {
  @TempDir private Path top;

  private static Source oneGroup(String driver) {
    return new Source() {
      @Override
      public Snapshot read() {
        return Specs.snapshot("shop.hcl", Proxied.of("shop", "cart", 9001).by(driver).hcl());
      }

      @Override
      public void close() {}
    };
  }

  private BridgeBuilder builder(String driver) {
    return Bridge.builder()
        .agent(new FakeAgent(), new FakeCatalog("node"))
        .source(oneGroup(driver))
        .runDirectory(top.resolve("run"))
        .dataDirectory(top.resolve("data"));
  }

  private URLClassLoader alsoWith(Path services) throws Exception {
    Path named = services.resolve("META-INF/services").resolve(TaskDriver.class.getName());
    Files.createDirectories(named.getParent());
    Files.writeString(named, FakeDriver.class.getName());
    return new URLClassLoader(
        new URL[] {services.toUri().toURL()}, Thread.currentThread().getContextClassLoader());
  }

  private static List<Status.Task> tasks(Bridge bridge) {
    return bridge.status().toCompletableFuture().join().tasks();
  }

  private static void runsByTheFakeOne(Bridge bridge) {
    bridge.start();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(IllegalStateException.class) // it does not work yet
        .until(() -> !tasks(bridge).isEmpty());

    assertThat(tasks(bridge)).extracting(Status.Task::driver).containsExactly("fake");
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw_exec", "fake"})
  void aDriverOnTheClassPathRunsTasksUnderOurNamesAndUnderItsOwn(String name) throws Exception {
    Thread test = Thread.currentThread();
    ClassLoader before = test.getContextClassLoader();
    try (URLClassLoader loader = alsoWith(Files.createDirectories(top.resolve("found")))) {
      test.setContextClassLoader(loader);
      try (Bridge bridge = builder(name).runTasks(Optional.of("unix:///nowhere")).build()) {
        runsByTheFakeOne(bridge);
      }
    } finally {
      test.setContextClassLoader(before);
    }
  }

  @Test
  void aDriverThatAProgramBringsGoesByItsOwnName() {
    try (Bridge bridge = builder("mine").drivers(List.of(new FakeDriver("fake", "mine"))).build()) {
      runsByTheFakeOne(bridge);
    }
  }

  @Test
  void aNameThatNoDriverHasIsAProblem() {
    try (Bridge bridge = builder("mine").drivers(List.of(new FakeDriver("fake"))).build()) {
      assertThat(bridge.runOnce().desired().problems())
          .singleElement()
          .asString()
          .contains("no driver is called \"mine\"", "fake");
    }
  }
}
