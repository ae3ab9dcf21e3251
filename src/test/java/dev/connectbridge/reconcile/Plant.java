package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.resolve.Snapshot;

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
}
