package dev.connectbridge.reconcile;

import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.consul.InVirtualTime;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.testing.InProcess;
import dev.connectbridge.testing.SimulatedAgent;
import dev.connectbridge.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import okhttp3.Interceptor;

/** A transport that leads to whichever simulated agent is at hand; making one takes long. */
final class Wire {
  private static final ThreadLocal<Wire> OF_THIS_THREAD = ThreadLocal.withInitial(Wire::new);

  private final AtomicReference<Interceptor> end = new AtomicReference<>();
  private final AtomicReference<Supplier<String>> token = new AtomicReference<>(() -> "");
  private final HttpTransport transport =
      HttpTransport.answeredBy(
          new HttpTransport.Options("http://127.0.0.1:8500", () -> Optional.of(token.get().get())),
          chain -> end.get().intercept(chain));

  /** Returns a client of an agent, by the one transport of this thread. */
  static ConsulAgent to(SimulatedAgent agent, VirtualTime time, Supplier<String> token) {
    Wire wire = OF_THIS_THREAD.get();
    wire.end.set(new InProcess(agent, time::advance));
    wire.token.set(token);
    return InVirtualTime.at(wire.transport, () -> Duration.between(Instant.EPOCH, time.instant()));
  }
}
