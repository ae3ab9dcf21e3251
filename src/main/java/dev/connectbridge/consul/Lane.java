package dev.connectbridge.consul;

/**
 * The kinds of exchange with an agent. Each has connections of its own, so that no kind keeps
 * another from its work; all together they stay far below the 200 that an agent gives a client.
 */
enum Lane {
  /** Asking the agent itself. */
  READ(32),
  /** Asking the servers behind it. */
  SERVERS(16),
  /** Questions that are answered when something changes. */
  BLOCKED(8),
  /** Registering, and reporting checks. */
  WRITE(16),
  /** Deregistering, and what goes before it. */
  DRAIN(16);

  private final int connections;

  Lane(int connections) {
    this.connections = connections;
  }

  int connections() {
    return connections;
  }
}
