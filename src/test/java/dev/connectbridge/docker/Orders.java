package dev.connectbridge.docker;

import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.spec.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An order for a container, changed word by word. */
final class Orders {
  static final String OWNER = "docker-test";

  private final TaskId id = TaskId.of("alloc-1", "connect-proxy-api");
  private final TaskDirs dirs;
  private final Map<String, Value> config = new LinkedHashMap<>();
  private final TreeMap<String, String> env = new TreeMap<>();
  private String user = "";
  private Resources resources = Resources.UNSAID;
  private Logs logs = Logs.UNSAID;
  private String killSignal = "";
  private String hash = "hash-1";
  private String owner = OWNER;

  private Orders(TaskDirs dirs) {
    this.dirs = dirs;
  }

  /** Returns an order whose directories are made below one. */
  static Orders in(Path directory) {
    List<Path> paths =
        Stream.of("alloc", "local", "secrets", "logs").map(directory::resolve).toList();
    try {
      for (Path path : paths) {
        Files.createDirectories(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Orders(new TaskDirs(paths.get(0), paths.get(1), paths.get(2), paths.get(3)));
  }

  Orders with(String key, Value value) {
    config.put(key, value);
    return this;
  }

  Orders with(String key, String text) {
    return with(key, new Value.Text(text));
  }

  Orders with(String key, List<String> texts) {
    return with(key, list(texts));
  }

  /** Has a shell run a script. */
  Orders script(String script) {
    return with("command", "/bin/sh").with("args", List.of("-c", script));
  }

  Orders env(String name, String value) {
    env.put(name, value);
    return this;
  }

  Orders user(String name) {
    user = name;
    return this;
  }

  Orders resources(Resources asked) {
    resources = asked;
    return this;
  }

  Orders logs(Logs asked) {
    logs = asked;
    return this;
  }

  Orders killSignal(String signal) {
    killSignal = signal;
    return this;
  }

  Orders owner(String name) {
    owner = name;
    return this;
  }

  Orders hash(String text) {
    hash = text;
    return this;
  }

  TaskOrder make() {
    TaskSpec task =
        new TaskSpec(
            "connect-proxy-api",
            "connect-proxy:api",
            "docker",
            user,
            config,
            env,
            resources,
            Map.of(),
            logs,
            Duration.ofSeconds(5),
            Duration.ZERO,
            killSignal,
            Origin.NONE);
    return new TaskOrder(id, owner, "job.group[0]", task, env, dirs, hash);
  }

  static Value list(List<String> texts) {
    return new Value.Items(texts.stream().<Value>map(Value.Text::new).toList());
  }

  static Value map(String... keysAndValues) {
    Map<String, Value> entries = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      entries.put(keysAndValues[i], new Value.Text(keysAndValues[i + 1]));
    }
    return new Value.Entries(entries);
  }
}
