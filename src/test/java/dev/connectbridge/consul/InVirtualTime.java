package dev.connectbridge.consul;

import dev.connectbridge.http.HttpTransport;
import java.time.Duration;
import java.util.function.Supplier;

/** A client whose time somebody else keeps. */
public final class InVirtualTime {
  private InVirtualTime() {}

  /** Returns the client of an agent in that time. */
  public static ConsulAgent at(HttpTransport transport, Supplier<Duration> now) {
    return ConsulAgent.at(transport, Duration.ofMinutes(5), now::get);
  }
}
