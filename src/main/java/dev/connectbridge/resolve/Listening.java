package dev.connectbridge.resolve;

import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.Upstream;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where Consul's built-in proxy listens, and for whom. It opens a listener when it hears of one,
 * never closes one, and never moves its own (Consul 1.8.7).
 */
final class Listening {
  private Listening() {}

  static SortedSet<String> of(Registration registration) {
    SortedSet<String> listening = new TreeSet<>();
    registration
        .sidecar()
        .ifPresent(
            sidecar -> {
              listening.add(own(sidecar));
              sidecar.proxy().upstreams().stream()
                  .filter(upstream -> upstream.localBindPort() > 0)
                  .forEach(upstream -> listening.add(upstream(upstream)));
            });
    return listening;
  }

  private static String own(Sidecar sidecar) {
    Proxy proxy = sidecar.proxy();
    return Addresses.hostPort(sidecar.address(), sidecar.port())
        + " -> "
        + Addresses.hostPort(proxy.localServiceAddress(), proxy.localServicePort());
  }

  private static String upstream(Upstream upstream) {
    String kind =
        upstream.destinationType().equals("service") ? "" : upstream.destinationType() + " ";
    String space =
        upstream.destinationNamespace().isEmpty() ? "" : upstream.destinationNamespace() + "/";
    String elsewhere = upstream.datacenter().isEmpty() ? "" : " in " + upstream.datacenter();
    return Addresses.hostPort(upstream.localBindAddress(), upstream.localBindPort())
        + " -> "
        + kind
        + space
        + upstream.destinationName()
        + elsewhere;
  }
}
