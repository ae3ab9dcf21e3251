package dev.connectbridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;

/** The simulated agent, in a time that runs as the machine's does and can be moved on. */
final class SimulatedSubject implements Subject, AutoCloseable {
  private final SimulatedAgent agent;
  private final SimulatedServer server;
  private final String master;
  private volatile Duration ahead = Duration.ZERO;

  SimulatedSubject(SimulatedAgent.Options options) {
    InstantSource clock = () -> Instant.now().plus(ahead);
    this.agent = new SimulatedAgent(options.withSidecarPorts(28700, 28799), clock);
    this.master = options.master().orElse("");
    try {
      this.server = new SimulatedServer(agent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SimulatedAgent agent() {
    return agent;
  }

  void advance(Duration time) {
    ahead = ahead.plus(time);
  }

  @Override
  public String address() {
    return server.address();
  }

  @Override
  public String master() {
    return master;
  }

  @Override
  public void restart() {
    agent.stop();
    agent.restart();
  }

  @Override
  public void eventually(String what, Callable<Boolean> holds) {
    for (int i = 0; i < 1000; i++) {
      try {
        if (holds.call()) {
          return;
        }
      } catch (Exception e) {
        throw new AssertionError(what, e);
      }
      advance(Duration.ofMillis(200));
    }
    throw new AssertionError(what);
  }

  @Override
  public void close() {
    server.close();
  }
}
