package dev.connectbridge.sidecar;

/**
 * A task could not be started, asked or ended. Its message never holds a value of the environment.
 */
public final class TaskException extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** Creates one; {@code cause} may be null. */
  public TaskException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }

  /** What can go wrong with a task. */
  public enum Kind {
    /** The order cannot work as it is written: an unknown option, no such user, no such image. */
    REFUSED(false),
    /** What it takes is not to be had: no engine answers, or the agent has no bootstrap for it. */
    UNAVAILABLE(true),
    /** It was tried and did not work. */
    FAILED(true);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    /** Returns whether the same order may succeed soon. */
    public boolean retryable() {
      return retryable;
    }
  }
}
