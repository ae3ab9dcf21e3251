package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving.Task;
import java.util.Collection;

/** The tasks, as far as drains have to do with them. */
interface Proxies {
  /** Signals a task, and then says that the signal is out; its end is told later. */
  void signal(Task task, Runnable sent);

  /** Returns whether a task is being started, so that no signal would reach it. */
  boolean isStarting(String task);

  /** Ends a task at once; its end is told later. */
  void kill(Task task);

  /** Returns whether a signal is still on its way to a task, which its successor must not get. */
  boolean isActedOn(String task);

  /** Forgets tasks whose drain is over, and then says so. */
  void forget(Collection<Task> tasks, Runnable done);
}
