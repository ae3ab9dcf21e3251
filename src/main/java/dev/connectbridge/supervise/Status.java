package dev.connectbridge.supervise;

import dev.connectbridge.drain.Receipt;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How drains and tasks stand: a value.
 *
 * @param drains the drains that are under way, as far as they got
 * @param notProven how many drains were not proven since the start
 * @param held the groups that are held back by somebody's word
 * @param tasks the tasks that are wanted or still there
 * @param warnings what this machine does not give, each once
 * @param ready the groups whose proxies have been seen to listen since they were started
 */
public record Status(
    List<Receipt> drains,
    int notProven,
    SortedSet<String> held,
    List<Task> tasks,
    List<String> warnings,
    SortedSet<String> ready) {
  public Status {
    drains = List.copyOf(drains);
    tasks = List.copyOf(tasks);
    warnings = List.copyOf(warnings);
    ready = Collections.unmodifiableSortedSet(new TreeSet<>(ready));
  }

  /**
   * A task.
   *
   * @param id its name on this machine
   * @param group its group
   * @param driver its driver
   * @param state where it stands
   * @param handle what the machine knows it by; empty when it does not run
   * @param restarts how often it was started again since it last ran well
   * @param detail why it does not run, in words; or empty
   * @param builtIn whether it is Consul's own proxy, which holds connections to the agent
   */
  public record Task(
      String id,
      String group,
      String driver,
      State state,
      String handle,
      int restarts,
      String detail,
      boolean builtIn) {}

  /** Where a task stands. */
  public enum State {
    /** It waits for its registration, or for its next start. */
    WAITING,
    /** It runs. */
    RUNNING,
    /** It is on its way out. */
    LEAVING,
    /** It will not be started again until its spec changes or somebody resumes its group. */
    FAILED
  }
}
