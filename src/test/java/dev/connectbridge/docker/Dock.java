package dev.connectbridge.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.testing.RealDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real engine with two images, a driver at it for each test, and the directories of one task. */
final class Dock
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
  static final Duration SOON = Duration.ofSeconds(20);
  static final String FOREVER = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

  private final Supplier<RealDocker> where;
  private RealDocker engine;
  private String image;
  private String stopsByUsr1;
  private Path directory;
  private DockerDriver driver;

  Dock(Supplier<RealDocker> where) {
    this.where = where;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    engine = where.get();
    image = engine.image("1", "ENV PATH=/bin");
    stopsByUsr1 = engine.imageOf(image, "usr1", "SIGUSR1", "proxy");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (engine != null) {
      engine.close();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    directory = Files.createTempDirectory("dock");
    driver = DockerDriver.at(engine.address());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    driver.close();
    engine.removeContainers(Labels.OWNER);
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  RealDocker engine() {
    return engine;
  }

  /** Returns an image that holds a shell and little else. */
  String image() {
    return image;
  }

  /** Returns the same image with a user and a stop signal of its own. */
  String stopsByUsr1() {
    return stopsByUsr1;
  }

  Path directory() {
    return directory;
  }

  DockerDriver driver() {
    return driver;
  }

  /** Another driver takes the place of the one that was closed. */
  void reconnect() {
    driver = DockerDriver.at(engine.address());
  }

  Orders order(String script) {
    return Orders.in(directory).with("image", image).script(script);
  }

  /** Returns what says of each signal that it was heard; a shell does when its child has ended. */
  static String trap(String signals) {
    StringBuilder script = new StringBuilder();
    for (String signal : signals.split(" ", -1)) {
      script.append("trap 'echo heard ").append(signal).append("; exit 7' ").append(signal);
      script.append("; ");
    }
    return script + "echo ready; while :; do sleep 0.1; done";
  }

  TaskState run(Orders orders) throws TaskException {
    return run(orders.make());
  }

  /** Starts a task, waits for its end, and returns how it ended; its output is read. */
  TaskState run(TaskOrder order) throws TaskException {
    driver.start(order);
    awaitExit();
    TaskState state = driver.observe(Orders.OWNER).get(0);
    String container = state.handle();
    await().atMost(SOON).until(() -> driver.isRead(container));
    return state;
  }

  boolean isRunning() throws TaskException {
    return driver.observe(Orders.OWNER).get(0).isRunning();
  }

  Exit awaitExit() throws TaskException {
    await().atMost(SOON).until(() -> !isRunning());
    return driver.observe(Orders.OWNER).get(0).exit().orElseThrow();
  }

  void awaitReady() {
    await().atMost(SOON).until(() -> stdout().endsWith("ready\n"));
  }

  Path log(String end) {
    return directory.resolve("logs/connect-proxy-api." + end);
  }

  String stdout() throws IOException {
    Path file = log("stdout.0");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  static void assertKind(Throwable e, Kind kind) {
    assertThat(e)
        .isInstanceOfSatisfying(
            TaskException.class, thrown -> assertThat(thrown.kind()).isEqualTo(kind));
  }
}
