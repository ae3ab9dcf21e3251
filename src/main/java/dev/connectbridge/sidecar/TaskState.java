package dev.connectbridge.sidecar;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A task of ours as its driver finds it: a value.
 *
 * @param id its name
 * @param hash the hash of the order that it was started by
 * @param handle what the machine knows it by: a process ID, a container's ID
 * @param exit how it ended; empty while it runs
 */
public record TaskState(TaskId id, String hash, String handle, Optional<Exit> exit) {

  /** Returns whether it runs. */
  public boolean isRunning() {
    return exit.isEmpty();
  }

  /**
   * How a task ended. Of one that was adopted from an earlier process of ours, neither is known.
   *
   * @param code its exit code
   * @param signal the number of the signal that ended it
   * @param outOfMemory whether the machine ended it for want of memory
   */
  public record Exit(OptionalInt code, OptionalInt signal, boolean outOfMemory) {
    /** It has ended, and nobody saw how. */
    public static final Exit UNKNOWN = new Exit(OptionalInt.empty(), OptionalInt.empty(), false);

    /** Returns the end of a task that ended by itself, or on a signal that it heard. */
    public static Exit code(int code) {
      return new Exit(OptionalInt.of(code), OptionalInt.empty(), false);
    }

    /** Returns the end of a task that a signal ended. */
    public static Exit signal(int signal) {
      return new Exit(OptionalInt.empty(), OptionalInt.of(signal), false);
    }

    @Override
    public String toString() {
      String how =
          code.isPresent()
              ? "exit code " + code.getAsInt()
              : signal.isPresent() ? "signal " + signal.getAsInt() : "unknown";
      return outOfMemory ? how + " (out of memory)" : how;
    }
  }
}
