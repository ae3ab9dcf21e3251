package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.resolve.Snapshot;
import java.time.Duration;
import java.util.function.Supplier;

/** A fault that is planted between the reconciler and what it looks at. */
interface Plant {
  /** Nothing is planted. */
  Plant NONE = new Plant() {};

  default AgentApi agent(AgentApi agent, Tokens tokens) {
    return agent;
  }

  default Settings settings(Settings settings) {
    return settings;
  }

  default Snapshot snapshot(Snapshot snapshot) {
    return snapshot;
  }

  /** The time by which a writer knows how old its last look is. */
  default Supplier<Duration> fenceTime(Supplier<Duration> now) {
    return now;
  }

  /** What a writer hears that asks whether its lock is somebody else's by now. */
  default boolean isLost(boolean lost) {
    return lost;
  }
}
