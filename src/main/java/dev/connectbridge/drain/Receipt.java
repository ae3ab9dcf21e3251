package dev.connectbridge.drain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a drain did and when, and whether it was proven: a value. All times count from the request.
 *
 * @param leaving what went
 * @param cause why
 * @param verdict what became of it
 * @param reason why it was not proven; empty when it was
 * @param deregistered when the agent had forgotten all of it
 * @param absent when the catalog was seen without any of it
 * @param tasks what became of the tasks
 * @param margin what was left of the time for the proof; negative when it came too late
 */
public record Receipt(
    Leaving leaving,
    Cause cause,
    Verdict verdict,
    String reason,
    Optional<Duration> deregistered,
    Optional<Duration> absent,
    List<TaskEnd> tasks,
    Optional<Duration> margin) {

  public Receipt {
    tasks = List.copyOf(tasks);
  }

  /** Returns whether Consul was seen without it before its tasks were signalled, and in time. */
  public boolean proven() {
    return verdict == Verdict.PROVEN;
  }

  /** What became of a drain. */
  public enum Verdict {
    /** The agent and the catalog were seen without it in time, and only then was it signalled. */
    PROVEN,
    /** They were not, within the delays and the floor. */
    NOT_PROVEN,
    /** It was wanted again before anything was signalled, and keeps its tasks. */
    CANCELLED
  }

  /** Why something leaves. */
  public enum Cause {
    /** Its source does not want it any more. */
    UNWANTED,
    /** Its task is another one now. */
    REPLACED,
    /** Somebody asked for it by name. */
    COMMAND,
    /** The bridge stops. */
    SHUTDOWN
  }

  /**
   * What became of a task.
   *
   * @param task its name on this machine
   * @param signalled when it was signalled; empty when it had ended by then
   * @param killed when it was ended by force
   * @param ended when it had ended
   * @param exit how it ended, in words
   */
  public record TaskEnd(
      String task,
      Optional<Duration> signalled,
      Optional<Duration> killed,
      Optional<Duration> ended,
      String exit) {

    static TaskEnd pending(String task) {
      return new TaskEnd(task, Optional.empty(), Optional.empty(), Optional.empty(), "");
    }
  }
}
