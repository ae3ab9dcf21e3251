package dev.connectbridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** The simulated agent, in a time that runs as the machine's does and can be moved on. */
final class SimulatedSubject implements Subject.Dependent, AutoCloseable {
  private final SimulatedAgent agent;
  private final SimulatedServer server;
  private final String master;
  private final BiConsumer<SimulatedAgent, Boolean> lose;
  private volatile Duration ahead = Duration.ZERO;

  SimulatedSubject(SimulatedAgent.Options options) {
    this(options, SimulatedAgent::leaderless);
  }

  /**
   * Creates one.
   *
   * @param lose what happens to it when its servers are lost, and, with false, when they are back
   */
  SimulatedSubject(SimulatedAgent.Options options, BiConsumer<SimulatedAgent, Boolean> lose) {
    this.lose = lose;
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
  public Instant now() {
    return agent.clock().instant();
  }

  @Override
  public <T> T outcome(CompletableFuture<T> asked) {
    while (true) {
      try {
        return asked.get(25, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        advance(Duration.ofMillis(250));
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void loseServers() {
    lose.accept(agent, true);
  }

  @Override
  public void regainServers() {
    lose.accept(agent, false);
  }

  @Override
  public void untilItCompares() {
    // It does within the time that is waited for.
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
