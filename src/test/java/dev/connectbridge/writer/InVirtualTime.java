package dev.connectbridge.writer;

import dev.connectbridge.consul.AgentApi;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A fence whose time somebody else keeps. */
public final class InVirtualTime {
  private InVirtualTime() {}

  /**
   * Returns an agent as one of an owner's writers uses it, in that time.
   *
   * @param epoch which writer it is; 0 is one that is not counted
   * @param lost whether its lock is somebody else's by now, when it asks
   */
  public static AgentApi fenced(
      AgentApi agent,
      String owner,
      LongSupplier epoch,
      BooleanSupplier lost,
      Supplier<Duration> now) {
    return new FencedAgent(
        agent,
        owner,
        () -> {
          long ours = epoch.getAsLong();
          return ours > 0 ? Mandate.writer(ours, "it has the lock") : Mandate.alone("no lock");
        },
        new FencedAgent.Lease() {
          @Override
          public void met(long newer) {}

          @Override
          public boolean isLost() {
            return lost.getAsBoolean();
          }
        },
        now::get);
  }
}
