package dev.connectbridge.consul;

/**
 * The agent could not be asked, or said no. Its message names the request, and never holds a token
 * or a body we sent.
 */
public final class AgentException extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** Creates one; {@code cause} may be null. */
  public AgentException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }

  /** What can go wrong with the agent. */
  public enum Kind {
    /** Nobody answers: refused, reset, unknown host. */
    UNREACHABLE(true),
    /**
     * Not sent at all: the agent has not answered lately, or too much is under way. Nothing has
     * changed.
     */
    NOT_SENT(true),
    /** No answer in time; a write may have been applied or not. */
    TIMEOUT(true),
    /** The token may not do this (403). */
    FORBIDDEN(false),
    /** The agent does not accept what we sent (400, or 500 with a text "Bad request"). */
    REFUSED(false),
    /** A newer writer of the same owner has written it: it is not ours to change. */
    OUTDATED(true),
    /** Too many requests (429). */
    OVERLOADED(true),
    /** The agent failed (other 5xx). */
    BROKEN(true),
    /** An answer that is not Consul's: not JSON, cut short, a redirect. */
    GARBLED(true);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    /** Returns whether no other request would get any further now. */
    public boolean endsPass() {
      return this == UNREACHABLE || this == NOT_SENT;
    }

    /** Returns whether the same request may succeed soon. */
    public boolean retryable() {
      return retryable;
    }
  }
}
