package dev.connectbridge.control;

/** A daemon could not be asked, or said no. */
public final class ControlException extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  ControlException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }

  /** What can go wrong with a daemon. */
  public enum Kind {
    /** No daemon of that data directory runs. */
    NOBODY,
    /** This user may not ask it. */
    FORBIDDEN,
    /** It hung up, was silent, or spoke in riddles; what was asked may be done or not. */
    BROKEN,
    /** It understood, and will not: the message says why. */
    REFUSED
  }
}
