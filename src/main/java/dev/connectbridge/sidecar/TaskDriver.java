package dev.connectbridge.sidecar;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Runs tasks of one kind. What a driver starts outlives this process; {@link #observe} finds it
 * again. Each call is made once and may take its time; whoever calls is no thread that anything
 * else waits for. Safe for use by several threads, for two tasks at once; of one task, one call at
 * a time is made, besides {@link #run}, which nothing else may have to wait for.
 *
 * <p>Drivers of other kinds are found by {@link java.util.ServiceLoader}, or given to the bridge.
 */
public interface TaskDriver extends AutoCloseable {

  /** Returns the names that a spec may call it by, the proper one first. */
  List<String> names();

  /**
   * Returns what is wrong with an order, in words for its author; empty when it may be started.
   * Nothing is started or made.
   */
  List<String> refusals(TaskOrder order);

  /** Returns what the order asks for and this machine does not give, in words for its operator. */
  Set<String> warnings(TaskOrder order);

  /** Returns the directories of a task as the task itself sees them. */
  TaskDirs seenBy(TaskDirs onThisMachine);

  /**
   * Returns the tasks of an owner that run, or have ended and are not forgotten yet; also those
   * that a process started that was killed in the midst of it.
   *
   * @throws TaskException when that cannot be told: then nothing is known, not nothing there
   */
  List<TaskState> observe(String owner) throws TaskException;

  /**
   * Starts a task. One of this ID that has ended is forgotten first; where one runs, nothing is
   * started.
   *
   * @throws TaskException when it does not run now
   */
  TaskState start(TaskOrder order) throws TaskException;

  /**
   * Sends a signal to a task and whatever it has started; empty is the driver's own: SIGINT, or
   * what the image says. One that does not run is no error.
   *
   * @param signal a name such as {@code SIGTERM}; or empty
   */
  void signal(TaskId id, String signal) throws TaskException;

  /** Ends a task at once, and whatever it has started. One that does not run is no error. */
  void kill(TaskId id) throws TaskException;

  /** Removes what is left of a task that has ended. One that is not there is no error. */
  void forget(TaskId id) throws TaskException;

  /**
   * Runs a command where the task runs, as its user and with its environment.
   *
   * @param limit how long it may take; then it is ended
   */
  Ran run(TaskId id, List<String> command, Duration limit) throws TaskException;

  /** Calls {@code ended}, from any thread, whenever a task may have ended. */
  void onExit(Runnable ended);

  /** Lets go of everything; the tasks run on. */
  @Override
  void close();

  /**
   * What came of a command.
   *
   * @param code its exit code; -1 when it was ended for taking too long
   * @param output what it wrote, both streams together, the first 4 kB
   */
  record Ran(int code, String output) {}
}
