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

class FoundDriverTest {
  @TempDir private Path top;

  private final Source source =
      new Source() {
        @Override
        public Snapshot read() {
          return Specs.snapshot("shop.hcl", Proxied.of("shop", "cart", 9001).hcl());
        }

        @Override
        public void close() {}
      };

  private URLClassLoader alsoWith(Path services) throws Exception {
    Path named = services.resolve("META-INF/services").resolve(TaskDriver.class.getName());
    Files.createDirectories(named.getParent());
    Files.writeString(named, FakeDriver.class.getName());
    return new URLClassLoader(
        new URL[] {services.toUri().toURL()}, Thread.currentThread().getContextClassLoader());
  }

  private List<Status.Task> tasks(Bridge bridge) {
    return bridge.status().toCompletableFuture().join().tasks();
  }

  @Test
  void aDriverOnTheClassPathRunsTasksInThePlaceOfOursOfThatName() throws Exception {
    Thread test = Thread.currentThread();
    ClassLoader before = test.getContextClassLoader();
    try (URLClassLoader loader = alsoWith(Files.createDirectories(top.resolve("found")));
        Bridge bridge =
            Bridge.builder()
                .agent(new FakeAgent(), new FakeCatalog("node"))
                .source(source)
                .runDirectory(top.resolve("run"))
                .dataDirectory(top.resolve("data"))
                .runTasks(Optional.of("unix:///nowhere"))
                .build()) {
      test.setContextClassLoader(loader);
      bridge.start();

      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptionsInstanceOf(IllegalStateException.class) // it does not work yet
          .until(() -> !tasks(bridge).isEmpty());

      assertThat(tasks(bridge)).extracting(Status.Task::driver).containsExactly("fake");
    } finally {
      test.setContextClassLoader(before);
    }
  }
}
