package dev.connectbridge.docker;

import dev.connectbridge.sidecar.TaskLogs;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.spec.TaskSpec;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a container of ours says of itself, so that the next bridge knows it. */
final class Labels {
  static final String OURS = "connect-bridge.";
  static final String OWNER = OURS + "owner";
  static final String TASK = OURS + "task";
  static final String HASH = OURS + "hash";
  private static final String GROUP = OURS + "group";
  private static final String SCHEMA = OURS + "schema";
  private static final String LOGS = OURS + "logs";
  private static final String LOG_FILES = OURS + "logs.files";
  private static final String LOG_BYTES = OURS + "logs.bytes";

  private Labels() {}

  static Map<String, String> of(TaskOrder order) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(OWNER, order.owner());
    labels.put(TASK, order.id().value());
    labels.put(GROUP, order.group());
    labels.put(HASH, order.hash());
    labels.put(SCHEMA, "1");
    logs(order)
        .ifPresent(
            logs -> {
              labels.put(LOGS, logs.stem().toString());
              labels.put(LOG_FILES, String.valueOf(logs.files()));
              labels.put(LOG_BYTES, String.valueOf(logs.bytes()));
            });
    return labels;
  }

  /** Returns where the output of a task is kept; empty when it is not. */
  static Optional<TaskLogs> logs(TaskOrder order) {
    TaskSpec.Logs logs = order.task().logs();
    if (logs.disabled()) {
      return Optional.empty();
    }
    return Optional.of(TaskLogs.of(order.dirs().logs(), order.task().name(), logs));
  }

  /** Returns where the output of a container that was found is kept. */
  static Optional<TaskLogs> logs(Map<String, String> labels) {
    try {
      return Optional.ofNullable(labels.get(LOGS))
          .map(
              stem ->
                  new TaskLogs(
                      Path.of(stem),
                      Integer.parseInt(labels.get(LOG_FILES)),
                      Long.parseLong(labels.get(LOG_BYTES))));
    } catch (NumberFormatException | InvalidPathException e) {
      return Optional.empty(); // somebody else's label
    }
  }
}
