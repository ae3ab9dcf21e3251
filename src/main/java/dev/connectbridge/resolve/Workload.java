package dev.connectbridge.resolve;

import dev.connectbridge.spec.TaskSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * A registration and what runs behind it.
 *
 * @param registration what Consul should hold
 * @param task the task that runs the sidecar's proxy, before the runtime fills it in
 * @param shutdownDelay the group's delay between deregistering and signalling
 */
public record Workload(Registration registration, Optional<TaskSpec> task, Duration shutdownDelay) {

  /** Returns the longest that this may take to stop once it was asked to. */
  public Duration longestStop() {
    return task.map(proxy -> shutdownDelay.plus(proxy.shutdownDelay()).plus(proxy.killTimeout()))
        .orElse(shutdownDelay);
  }
}
