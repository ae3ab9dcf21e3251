package dev.connectbridge.converge;

import java.util.List;

/**
 * How far one entry has come: a value.
 *
 * @param id the service's ID on the agent
 * @param group the instance it belongs to, {@code job.group[index]}
 * @param source the file that asked for it
 * @param conditions what is known of it, in the order of {@link Condition.Kind}
 */
public record EntryConditions(String id, String group, String source, List<Condition> conditions) {
  public EntryConditions {
    conditions = List.copyOf(conditions);
  }

  /** Returns what is not as it is in a mesh at rest. */
  public List<Condition> ills() {
    return conditions.stream().filter(condition -> !condition.isWell()).toList();
  }
}
