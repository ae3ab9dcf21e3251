package dev.connectbridge.resolve;

import dev.connectbridge.launch.GroupEnvironment;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.ScriptCheck;
import dev.connectbridge.spec.TaskSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A registration and what runs behind it.
 *
 * @param registration what Consul should hold
 * @param task the task that runs the sidecar's proxy, before the runtime fills it in
 * @param launch how it is run; there where the task is, and equal for services that share one
 * @param scripts the service's checks that are run in the task of a proxy of its instance
 * @param environment what its instance tells whoever starts the application
 * @param shutdownDelay the group's delay between deregistering and signalling
 */
public record Workload(
    Registration registration,
    Optional<TaskSpec> task,
    Optional<Launch> launch,
    List<ScriptCheck> scripts,
    Optional<GroupEnvironment> environment,
    Duration shutdownDelay) {

  public Workload {
    scripts = List.copyOf(scripts);
  }

  /** Creates one of which only is known what Consul should hold and how it stops. */
  public Workload(Registration registration, Optional<TaskSpec> task, Duration shutdownDelay) {
    this(registration, task, Optional.empty(), List.of(), Optional.empty(), shutdownDelay);
  }

  /** Returns the longest that this may take to stop once it was asked to. */
  public Duration longestStop() {
    return task.map(proxy -> shutdownDelay.plus(proxy.shutdownDelay()).plus(proxy.killTimeout()))
        .orElse(shutdownDelay);
  }
}
