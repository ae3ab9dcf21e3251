package dev.connectbridge.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A container as the engine tells of it.
 *
 * @param id the engine's name for it
 * @param labels what it says of itself
 * @param exit how it ended; empty while it runs
 * @param stopSignal the signal that it wants to be stopped by, as the engine writes it
 */
record Container(String id, Map<String, String> labels, Optional<Exit> exit, String stopSignal) {
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 31;

  Container {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  static Container of(JsonNode inspected) {
    JsonNode state = inspected.path("State");
    JsonNode config = inspected.path("Config");
    Optional<Exit> exit =
        state.path("Running").asBoolean() ? Optional.empty() : Optional.of(exit(state));
    return new Container(
        inspected.path("Id").asText(),
        labels(config.path("Labels")),
        exit,
        config.path("StopSignal").asText());
  }

  static Map<String, String> labels(JsonNode node) {
    Map<String, String> labels = new LinkedHashMap<>();
    node.properties().forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  /**
   * An engine tells of a container that a signal ended by adding 128 to the signal, as shells do of
   * their children; so one that returns 137 by itself is taken for killed. One that was made and
   * never started has ended, too: nobody knows how.
   */
  private static Exit exit(JsonNode state) {
    if (state.path("Status").asText().equals("created")) {
      return Exit.UNKNOWN;
    }
    int code = state.path("ExitCode").asInt();
    boolean outOfMemory = state.path("OOMKilled").asBoolean();
    int signal = code - SIGNALLED;
    return signal > 0 && signal <= LAST_SIGNAL
        ? new Exit(OptionalInt.empty(), OptionalInt.of(signal), outOfMemory)
        : new Exit(OptionalInt.of(code), OptionalInt.empty(), outOfMemory);
  }

  boolean isRunning() {
    return exit.isEmpty();
  }

  boolean is(TaskId task) {
    return task.value().equals(labels.get(Labels.TASK));
  }

  String owner() {
    return labels.getOrDefault(Labels.OWNER, "");
  }

  /** Returns the state of the task that it runs; empty when it does not say which. */
  Optional<TaskState> state() {
    try {
      return Optional.ofNullable(labels.get(Labels.TASK)).map(task -> stateOf(new TaskId(task)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // somebody else's label
    }
  }

  TaskState stateOf(TaskId task) {
    return new TaskState(task, labels.getOrDefault(Labels.HASH, ""), id, exit);
  }
}
