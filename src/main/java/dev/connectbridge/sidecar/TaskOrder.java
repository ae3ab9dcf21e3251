package dev.connectbridge.sidecar;

import dev.connectbridge.spec.TaskSpec;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A task that is to run: a value. Its text holds neither environment nor configuration.
 *
 * @param id its name on this machine
 * @param owner whose task it is; a driver shows an owner its own tasks alone
 * @param group the group that it belongs to, for people: {@code job.group[index]}
 * @param task what is to run, with everything filled in
 * @param env the whole environment, {@code NOMAD_…} and the author's together
 * @param dirs its directories on this machine
 * @param hash what tells it from the order that it may replace: another hash is another process
 */
public record TaskOrder(
    TaskId id,
    String owner,
    String group,
    TaskSpec task,
    SortedMap<String, String> env,
    TaskDirs dirs,
    String hash) {

  public TaskOrder {
    env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
  }

  @Override
  public String toString() {
    return "task " + id + " (" + task.driver() + ")";
  }
}
