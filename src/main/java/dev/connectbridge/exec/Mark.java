package dev.connectbridge.exec;

import dev.connectbridge.sidecar.TaskId;
import java.util.Map;
import java.util.Optional;

/**
 * What every process of a task carries in its environment, and passes on to what it starts.
 *
 * @param owner whose task it is
 * @param id the task
 * @param hash the order that it was started by
 */
record Mark(String owner, TaskId id, String hash) {
  /** The variable that holds it. */
  static final String VARIABLE = "CONNECT_BRIDGE_TASK";

  /** Reads the mark in an environment; empty when there is none, or one that we did not write. */
  static Optional<Mark> in(Map<String, String> environment) {
    String[] parts = environment.getOrDefault(VARIABLE, "").split("/", 3);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Mark(plain(parts[0]), new TaskId(parts[1]), parts[2]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns whether both are of one task, whichever order it was started by. */
  boolean isOfTaskOf(Mark other) {
    return owner.equals(other.owner) && id.equals(other.id);
  }

  /** Returns the variable's value. */
  String text() {
    return owner.replace("%", "%25").replace("/", "%2F") + "/" + id + "/" + hash;
  }

  private static String plain(String owner) {
    return owner.replace("%2F", "/").replace("%25", "%");
  }
}
