package dev.connectbridge.docker;

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

  private static final int FILES = 10;
  private static final int MEGABYTES = 10;
  private static final long MEGABYTE = 1L << 20;

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
  static Optional<Logs> logs(TaskOrder order) {
    TaskSpec.Logs logs = order.task().logs();
    if (logs.disabled()) {
      return Optional.empty();
    }
    Path stem = order.dirs().logs().resolve(order.task().name().replaceAll("[/\\x00]", "-"));
    int files = Math.max(1, logs.maxFiles().orElse(FILES));
    long bytes = Math.max(1, logs.maxFileSizeMb().orElse(MEGABYTES)) * MEGABYTE;
    return Optional.of(new Logs(stem.toAbsolutePath(), files, bytes));
  }

  /** Returns where the output of a container that was found is kept. */
  static Optional<Logs> logs(Map<String, String> labels) {
    try {
      return Optional.ofNullable(labels.get(LOGS))
          .map(
              stem ->
                  new Logs(
                      Path.of(stem),
                      Integer.parseInt(labels.get(LOG_FILES)),
                      Long.parseLong(labels.get(LOG_BYTES))));
    } catch (NumberFormatException | InvalidPathException e) {
      return Optional.empty(); // somebody else's label
    }
  }

  /**
   * Where output is kept: {@code STEM.stdout.0} and so on.
   *
   * @param stem the files' path without what follows the task's name
   * @param files how many files of each stream
   * @param bytes how large each may grow
   */
  record Logs(Path stem, int files, long bytes) {}
}
