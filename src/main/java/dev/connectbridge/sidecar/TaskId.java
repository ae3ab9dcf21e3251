package dev.connectbridge.sidecar;

import java.util.regex.Pattern;

/**
 * The name of a task on this machine: the allocation that it belongs to, a dot, and its name in the
 * group. It can be part of a file's name and of a container's.
 *
 * @param value the name, of {@code [A-Za-z0-9._-]}
 */
public record TaskId(String value) implements Comparable<TaskId> {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]+");

  public TaskId {
    if (!SAFE.matcher(value).matches()) {
      throw new IllegalArgumentException("not the name of a task: " + value);
    }
  }

  /** Returns the name of a task; characters that it cannot hold become dashes. */
  public static TaskId of(String allocation, String task) {
    return new TaskId(safe(allocation) + "." + safe(task));
  }

  private static String safe(String part) {
    return part.replaceAll("[^A-Za-z0-9_-]", "-");
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
