package dev.connectbridge.supervise;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskState;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;

/** How often a task was tried, and when it is tried again. For the supervisor's thread alone. */
final class Attempts {
  /** A task that dies so often in a row will not live. */
  private static final int MOST = 10;

  /** A task that ran so long has begun anew. */
  private static final Duration WELL = Duration.ofMinutes(1);

  private static final IntervalFunction PAUSES =
      IntervalFunction.ofExponentialBackoff(Duration.ofMillis(250), 2.0, Duration.ofSeconds(30));

  private int count;
  private Duration next = Duration.ZERO;
  private Duration startedAt = Duration.ZERO;
  private String ended = "";
  private String trouble = "";
  private boolean failed;

  int count() {
    return count;
  }

  Duration next() {
    return next;
  }

  boolean isFailed() {
    return failed;
  }

  String trouble() {
    return trouble;
  }

  /** Returns whether this end was heard of already. */
  boolean noted(TaskState state) {
    return ended.equals(state.handle());
  }

  void started(Duration now) {
    startedAt = now;
    trouble = "";
  }

  void runs(Duration now) {
    if (count > 0 && now.minus(startedAt).compareTo(WELL) >= 0) {
      count = 0;
    }
  }

  void ended(TaskState state, Duration now) {
    ended = state.handle();
    runs(now);
    again(now, "ended with " + state.exit().orElse(TaskState.Exit.UNKNOWN));
  }

  /** A start did not work; returns whether that is news. */
  boolean failed(TaskException error, Duration now) {
    boolean news = !error.getMessage().equals(trouble);
    if (error.kind() == Kind.UNAVAILABLE) {
      trouble = error.getMessage();
      next = now.plusMillis(PAUSES.apply(Math.min(++count, MOST)));
      count = Math.min(count, MOST - 1);
    } else {
      again(now, error.getMessage());
      failed |= !error.kind().retryable();
    }
    return news;
  }

  private void again(Duration now, String why) {
    trouble = why;
    count++;
    failed = count > MOST;
    next = now.plusMillis(PAUSES.apply(Math.min(count, MOST)));
  }
}
