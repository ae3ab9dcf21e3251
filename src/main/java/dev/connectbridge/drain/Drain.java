package dev.connectbridge.drain;

import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.drain.Receipt.Cause;
import dev.connectbridge.drain.Receipt.TaskEnd;
import dev.connectbridge.drain.Receipt.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One drain, from the request to its receipt: a value; each event makes another one. All times are
 * of one monotonic clock.
 *
 * <p>A task may be signalled at the latest of: the request and both delays; the proof that Consul
 * has forgotten its services. Without a proof it may be when the delays, or {@link
 * DrainPolicy#floor}, are over, or {@link DrainPolicy#hold}. What has been signalled stays so.
 */
public final class Drain {
  private static final String UNANSWERED = "unknown: its start has not returned";

  private final Leaving leaving;
  private final Cause cause;
  private final Duration requested;
  private final Duration limit;
  private final Duration last;
  private final boolean hurried;
  private final Progress progress;

  private Drain(
      Leaving leaving,
      Cause cause,
      Duration requested,
      Duration limit,
      Duration last,
      boolean hurried,
      Progress progress) {
    this.leaving = leaving;
    this.cause = cause;
    this.requested = requested;
    this.limit = limit;
    this.last = last;
    this.hurried = hurried;
    this.progress = progress;
  }

  /** What was asked for. */
  public record Request(Cause cause, Duration at, boolean hurried, Optional<Duration> deadline) {}

  /**
   * Returns a drain that has just been asked for. One that is hurried has no delays; a deadline is
   * how long the proof may take, counted from the request, in place of the delays and the floor.
   */
  public static Drain begin(Leaving leaving, Request request, DrainPolicy policy) {
    Duration delays = request.hurried() ? Duration.ZERO : leaving.delays();
    Duration limit = request.at().plus(request.deadline().orElse(max(delays, policy.floor())));
    Duration last = policy.hold().map(hold -> max(limit, request.at().plus(hold))).orElse(limit);
    return new Drain(
        leaving,
        request.cause(),
        request.at(),
        limit,
        last,
        request.hurried(),
        Progress.none(leaving));
  }

  /** Returns what is to go. */
  public Leaving leaving() {
    return leaving;
  }

  /** Returns why. */
  public Cause cause() {
    return cause;
  }

  /** Returns when it was asked for. */
  public Duration requested() {
    return requested;
  }

  /** Returns until when a proof counts. */
  public Duration limit() {
    return limit;
  }

  /** Returns until when a proof is still of use at a moment; it may have passed. */
  public Duration deadline(Duration now) {
    return now.compareTo(limit) < 0 ? limit : last;
  }

  /** Returns whether the agent has forgotten all of it. */
  public boolean isDeregistered() {
    return progress.deregistered().isPresent();
  }

  /** Returns whether the catalog was seen without any of it. */
  public boolean isAbsent() {
    return progress.absent().isPresent();
  }

  /** Returns whether it was called off. */
  public boolean isCancelled() {
    return progress.cancelled().isPresent();
  }

  /** Returns whether any task was signalled, or has ended: from then on there is no way back. */
  public boolean isPastReturn() {
    return progress.tasks().values().stream()
        .anyMatch(end -> end.signalled().isPresent() || end.ended().isPresent());
  }

  /** The agent has forgotten all of it. */
  public Drain deregistered(Duration at) {
    return with(progress.withDeregistered(at));
  }

  /** Agent and catalog were both seen without any of it. */
  public Drain absent(Duration at) {
    return with(progress.withDeregistered(at).withAbsent(at));
  }

  /** Why it cannot be proven as things stand. */
  public Drain doubted(String reason) {
    return with(progress.withDoubt(reason));
  }

  /** It is wanted again; too late for one that {@link #isPastReturn}. */
  public Drain wantedAgain(Duration at) {
    return isPastReturn() || isCancelled() ? this : with(progress.withCancelled(at));
  }

  /** A task was signalled. */
  public Drain signalled(String task, Duration at) {
    return withEnd(
        task,
        end ->
            new TaskEnd(
                task, end.signalled().or(() -> Optional.of(at)), end.killed(), end.ended(), ""));
  }

  /** Its signal is out: its time to end begins. */
  public Drain delivered(String task, Duration at) {
    return withEnd(
        task, end -> new TaskEnd(task, Optional.of(at), end.killed(), end.ended(), end.exit()));
  }

  /** A task was ended by force. */
  public Drain killed(String task, Duration at) {
    return withEnd(
        task,
        end ->
            new TaskEnd(
                task, end.signalled(), end.killed().or(() -> Optional.of(at)), end.ended(), ""));
  }

  /** A task has ended. */
  public Drain ended(String task, Duration at, String exit) {
    return withEnd(
        task,
        end ->
            end.ended().isPresent()
                ? end
                : new TaskEnd(task, end.signalled(), end.killed(), Optional.of(at), exit));
  }

  /**
   * A start of it has not returned in time, so nobody knows whether there is anything to signal.
   */
  public Drain unanswered(String task) {
    return withEnd(
        task,
        end ->
            end.signalled().isPresent() || end.ended().isPresent()
                ? end
                : new TaskEnd(
                    task, Optional.empty(), Optional.empty(), Optional.empty(), UNANSWERED));
  }

  private Drain withEnd(String task, UnaryOperator<TaskEnd> change) {
    return with(progress.withEnd(task, change));
  }

  private Drain with(Progress changed) {
    return new Drain(leaving, cause, requested, limit, last, hurried, changed);
  }

  /** Returns what is to be done at a moment. */
  public Due due(Duration now) {
    List<Task> signals = new ArrayList<>();
    List<Task> kills = new ArrayList<>();
    List<Duration> later = new ArrayList<>();
    if (!isCancelled()) {
      for (Task task : leaving.tasks()) {
        TaskEnd end = progress.tasks().get(task.id());
        if (end.ended().isPresent()) {
          continue;
        }
        Duration at =
            end.signalled().map(sent -> sent.plus(task.killTimeout())).orElse(signalAt(task));
        if (now.compareTo(at) < 0) {
          later.add(at);
        } else if (end.signalled().isEmpty()) {
          signals.add(task);
        } else if (end.killed().isEmpty()) {
          kills.add(task);
        }
      }
      if (progress.absent().isEmpty() && now.compareTo(limit) < 0) {
        later.add(limit);
      }
    }
    return new Due(signals, kills, later.stream().min(Duration::compareTo));
  }

  private Duration signalAt(Task task) {
    Duration delays = hurried ? Duration.ZERO : leaving.delay().plus(task.delay());
    return max(requested.plus(delays), progress.absent().filter(this::counts).orElse(last));
  }

  /** A proof that comes while the signal is held is still worth having. */
  private boolean counts(Duration proof) {
    return proof.compareTo(last) <= 0;
  }

  /**
   * Returns whether its receipt can be written: nothing of it runs, as far as that can be known,
   * and the verdict will not change any more. The agent may still hold it.
   */
  public boolean isSettled(Duration now) {
    boolean told =
        progress.tasks().values().stream()
            .allMatch(end -> end.ended().isPresent() || end.exit().equals(UNANSWERED));
    return isCancelled() || (told && (isAbsent() || now.compareTo(limit) >= 0));
  }

  /** Returns whether nothing of it runs, for certain. */
  public boolean hasEnded() {
    return progress.tasks().values().stream().allMatch(end -> end.ended().isPresent());
  }

  /** Returns what it did, as far as it got. */
  public Receipt receipt() {
    boolean inTime = progress.absent().filter(at -> at.compareTo(limit) <= 0).isPresent();
    Verdict verdict =
        isCancelled() ? Verdict.CANCELLED : inTime ? Verdict.PROVEN : Verdict.NOT_PROVEN;
    return new Receipt(
        leaving,
        cause,
        verdict,
        verdict == Verdict.NOT_PROVEN ? reason() : "",
        progress.deregistered().map(this::since),
        progress.absent().map(this::since),
        progress.tasks().values().stream().map(this::since).toList(),
        progress.absent().map(limit::minus));
  }

  private String reason() {
    return progress
        .absent()
        .map(at -> "proven, but only after %d ms".formatted(since(at).toMillis()))
        .orElse(
            !progress.doubt().isEmpty()
                ? progress.doubt()
                : isDeregistered()
                    ? "the catalog did not answer in time"
                    : "the agent did not answer in time");
  }

  private TaskEnd since(TaskEnd end) {
    return new TaskEnd(
        end.task(),
        end.signalled().map(this::since),
        end.killed().map(this::since),
        end.ended().map(this::since),
        end.exit());
  }

  private Duration since(Duration at) {
    return at.minus(requested);
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
