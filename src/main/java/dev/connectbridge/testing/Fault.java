package dev.connectbridge.testing;

import dev.connectbridge.testing.Answered.Ending;
import java.time.Duration;

/** What can go wrong with one exchange. Where it is not said otherwise, the agent does its part. */
public enum Fault {
  /** Nothing. */
  NONE,
  /** The answer takes a second. */
  SLOW,
  /** The question arrives, and no answer comes back. */
  HANG,
  /** The question never arrives, nor does an answer. */
  LOST,
  /** The connection is closed before the question arrives. */
  RESET,
  /** The connection is closed before the answer comes back. */
  RESET_AFTER,
  /** The connection is closed in the middle of the answer. */
  CUT_SHORT,
  /** Somebody in between answers in the agent's place. */
  BAD_GATEWAY,
  /** The agent is asked too much, and does nothing. */
  TOO_MANY,
  /** The agent fails, and does nothing. */
  BROKEN,
  /** Nobody listens. */
  REFUSED;

  /** Returns whether the agent gets to see the question. */
  boolean arrives() {
    return switch (this) {
      case NONE, SLOW, HANG, RESET_AFTER, CUT_SHORT -> true;
      case LOST, RESET, BAD_GATEWAY, TOO_MANY, BROKEN, REFUSED -> false;
    };
  }

  /** Returns what comes of an answer. */
  Answered upon(Answered answer) {
    return switch (this) {
      case NONE -> answer;
      case SLOW -> answer.after(Duration.ofSeconds(1));
      case HANG, LOST -> answer.ends(Ending.NEVER);
      case RESET, RESET_AFTER -> answer.ends(Ending.CLOSED);
      case CUT_SHORT -> answer.ends(answer.body().length() > 1 ? Ending.CUT_SHORT : Ending.CLOSED);
      case BAD_GATEWAY ->
          Answered.plain(502, "<html><body>502 Bad Gateway</body></html>", "text/html");
      case TOO_MANY -> Answered.empty(429);
      case BROKEN -> Answered.text(500, "rpc error making call: EOF");
      case REFUSED -> answer.ends(Ending.REFUSED);
    };
  }
}
