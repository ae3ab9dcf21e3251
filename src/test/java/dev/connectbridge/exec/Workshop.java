package dev.connectbridge.exec;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Real tasks of one test, and their end: none may be left when it is closed. */
final class Workshop implements AutoCloseable {
  static final TaskId ID = TaskId.of("job.group[0]", "proxy");
  static final String NAME = "connect-proxy-web";

  private final String owner;
  private final List<RawExecDriver> drivers = new ArrayList<>();
  private final List<Runnable> beats = new ArrayList<>();
  private final Path top;

  private final TreeMap<String, String> env = new TreeMap<>();
  private TaskSpec.Resources resources = TaskSpec.Resources.UNSAID;
  private TaskSpec.Logs logs = TaskSpec.Logs.UNSAID;
  private String driver = "raw_exec";
  private String user = "";
  private String killSignal = "";
  private Map<String, Value> config = Map.of();

  Workshop(Path top) {
    this(top, "test/" + UUID.randomUUID());
  }

  Workshop(Path top, String owner) {
    this.top = top;
    this.owner = owner;
    try {
      Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwx--x--x"));
      for (Path directory : List.of(dirs().alloc(), dirs().local(), dirs().secrets())) {
        Files.createDirectories(directory, privately());
      }
      Files.createDirectories(dirs().logs(), privately());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static java.nio.file.attribute.FileAttribute<?> privately() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }

  TaskDirs dirs() {
    return new TaskDirs(
        top.resolve("alloc"), top.resolve("local"), top.resolve("secrets"), top.resolve("logs"));
  }

  Path state() {
    return top.resolve("tasks");
  }

  String owner() {
    return owner;
  }

  /** A driver that looks after its tasks when the test says so. */
  RawExecDriver driver() {
    return driver(
        (period, beat) -> {
          beats.add(beat);
          return () -> beats.remove(beat);
        });
  }

  RawExecDriver driver(Pulse pulse) {
    RawExecDriver made = new RawExecDriver(state(), Hierarchies.ofThisMachine(), pulse);
    drivers.add(made);
    return made;
  }

  void beat(int times) {
    for (int beat = 0; beat < times; beat++) {
      List.copyOf(beats).forEach(Runnable::run);
    }
  }

  Workshop script(String script) {
    return command("sh", "-c", script);
  }

  Workshop command(String command, String... args) {
    config =
        Map.of(
            "command",
            new Value.Text(command),
            "args",
            new Value.Items(
                Arrays.stream(args).map(Value.Text::new).map(Value.class::cast).toList()));
    return this;
  }

  Workshop config(Map<String, Value> some) {
    config = some;
    return this;
  }

  Workshop env(String name, String value) {
    env.put(name, value);
    return this;
  }

  Workshop user(String name) {
    user = name;
    return this;
  }

  Workshop calledDriver(String name) {
    driver = name;
    return this;
  }

  Workshop resources(TaskSpec.Resources some) {
    resources = some;
    return this;
  }

  Workshop logs(TaskSpec.Logs some) {
    logs = some;
    return this;
  }

  Workshop killSignal(String signal) {
    killSignal = signal;
    return this;
  }

  TaskOrder order() {
    TaskSpec task =
        new TaskSpec(
            NAME,
            "connect-proxy:web",
            driver,
            user,
            config,
            Map.of(),
            resources,
            Map.of("meta", "is env to a driver"),
            logs,
            Duration.ofSeconds(5),
            Duration.ZERO,
            killSignal,
            Origin.NONE);
    return new TaskOrder(ID, owner, "job.group[0]", task, env, dirs(), "hash-1");
  }

  /** Starts a script that says {@code ready} once it can be spoken to. */
  TaskState startReady(RawExecDriver on) throws TaskException {
    TaskState state = on.start(order());
    awaitOutput("ready");
    return state;
  }

  String stdout() {
    return text(dirs().logs().resolve(NAME + ".stdout.0"));
  }

  String stderr() {
    return text(dirs().logs().resolve(NAME + ".stderr.0"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitOutput(String text) {
    await().atMost(20, SECONDS).until(this::stdout, output -> output.contains(text));
  }

  TaskState.Exit awaitExit(RawExecDriver of) {
    return await()
        .atMost(20, SECONDS)
        .until(() -> state(of).flatMap(TaskState::exit), Optional::isPresent)
        .orElseThrow();
  }

  Optional<TaskState> state(RawExecDriver of) throws TaskException {
    return of.observe(owner).stream().filter(state -> state.id().equals(ID)).findFirst();
  }

  /** The numbers of all processes that carry the mark of this test. */
  List<Long> processes() throws IOException {
    Proc proc = new Proc(Path.of("/proc"));
    return proc.living().stream()
        .map(Proc.Entry::pid)
        .filter(
            pid -> Mark.in(proc.environment(pid)).filter(m -> m.owner().equals(owner)).isPresent())
        .toList();
  }

  @Override
  public void close() throws TaskException, IOException {
    List.copyOf(drivers).forEach(RawExecDriver::close);
    RawExecDriver last = driver((period, beat) -> () -> {});
    for (TaskState state : last.observe(owner)) {
      last.kill(state.id());
      await().atMost(20, SECONDS).until(() -> !state(last).orElseThrow().isRunning());
      last.forget(state.id());
    }
    last.close();

    await().atMost(20, SECONDS).untilAsserted(() -> assertThat(processes()).isEmpty());
  }
}
