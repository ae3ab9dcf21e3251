package dev.connectbridge.sidecar;

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

  /** Most are safe as they are: a supervisor asks for each task's name at each of its turns. */
  private static String safe(String part) {
    return isPlain(part, 0, false) ? part : part.replaceAll("[^A-Za-z0-9_-]", "-");
  }

  private static boolean isSafe(String value) {
    return value.length() > 1 && isAlphanumeric(value.charAt(0)) && isPlain(value, 1, true);
  }

  private static boolean isPlain(String text, int from, boolean dots) {
    for (int i = from; i < text.length(); i++) {
      char one = text.charAt(i);
      if (!isAlphanumeric(one) && one != '_' && one != '-' && !(dots && one == '.')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
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
