package dev.connectbridge.launch;

import java.time.Duration;
import java.util.List;

/**
 * A check that is run in the task of a proxy, and whose result Consul must be told: exit code 0
 * passes, 1 warns, all others are critical. Its text holds no command, which may hold secrets.
 *
 * @param id its ID at the agent
 * @param launch the {@link Launch#id} of the task that it runs in
 * @param command what is run, for {@link Launch#words}
 * @param interval the time between two runs
 * @param timeout how long one may take
 */
public record ScriptCheck(
    String id, String launch, List<String> command, Duration interval, Duration timeout) {
  public ScriptCheck {
    command = List.copyOf(command);
  }

  @Override
  public String toString() {
    return "script check " + id + " in " + launch;
  }
}
