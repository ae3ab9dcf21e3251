package dev.connectbridge.sidecar;

import dev.connectbridge.spec.Spelling;

/**
 * The name of a task on this machine: the allocation that it belongs to, a dot, and its name in the
 * group. It can be part of a file's name and of a container's.
 *
 * @param value the name, of {@code [A-Za-z0-9._-]}
 */
public record TaskId(String value) implements Comparable<TaskId> {
  public TaskId {
    if (!isSafe(value)) {
      throw new IllegalArgumentException("not the name of a task: " + value);
    }
  }

  /** Returns the name of a task; characters that it cannot hold become dashes. */
  public static TaskId of(String allocation, String task) {
    return new TaskId(safe(allocation) + "." + safe(task));
  }

  private static String safe(String part) {
    return Spelling.plain(part, "_-", '-');
  }

  private static boolean isSafe(String value) {
    return value.length() > 1
        && Spelling.isPlain(value.substring(0, 1), "")
        && Spelling.isPlain(value, "._-");
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
