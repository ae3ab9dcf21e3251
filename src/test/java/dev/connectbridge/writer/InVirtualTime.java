package dev.connectbridge.writer;

import dev.connectbridge.consul.AgentApi;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A fence whose time somebody else keeps. */
public final class InVirtualTime {
  private InVirtualTime() {}

  /** Returns an agent as one of an owner's writers uses it, in that time. */
  public static AgentApi fenced(
      AgentApi agent, String owner, LongSupplier epoch, Supplier<Duration> now) {
    return new FencedAgent(agent, owner, epoch, newer -> {}, now::get);
  }
}
