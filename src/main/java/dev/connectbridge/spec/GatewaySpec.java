package dev.connectbridge.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code gateway} block: what the service is a gateway for. Exactly one of ingress, terminating
 * and mesh is there in a spec that is in order.
 *
 * @param proxy how the gateway's proxy listens
 * @param ingress the services that it lets in
 * @param terminating the services outside of the mesh that it leads to
 * @param mesh whether it connects datacenters
 * @param origin where the block stands
 */
public record GatewaySpec(
    Proxy proxy,
    Optional<Ingress> ingress,
    Optional<Terminating> terminating,
    boolean mesh,
    Origin origin) {

  /**
   * The {@code proxy} block of a gateway.
   *
   * @param connectTimeout how long it tries to connect; absent means 5 seconds
   * @param bindTaggedAddresses whether it listens on the service's tagged addresses
   * @param bindAddresses where else it listens, by name
   * @param noDefaultBind whether it does not listen on the service's own address
   * @param dnsDiscoveryType {@code STRICT_DNS}, {@code LOGICAL_DNS}, or empty
   * @param config what the proxy itself is told, opaque; lies over everything else
   * @param origin where the block stands
   */
  public record Proxy(
      Optional<Duration> connectTimeout,
      boolean bindTaggedAddresses,
      Map<String, BindAddress> bindAddresses,
      boolean noDefaultBind,
      String dnsDiscoveryType,
      Map<String, Value> config,
      Origin origin) {

    public Proxy {
      bindAddresses = Ordered.copy(bindAddresses);
      config = Ordered.copy(config);
    }
  }

  /**
   * Where a gateway listens.
   *
   * @param address the address
   * @param port the port; -1 leaves it to be filled in
   * @param origin where the block stands
   */
  public record BindAddress(String address, int port, Origin origin) {}

  /**
   * The {@code ingress} block.
   *
   * @param listeners what it listens for
   * @param origin where the block stands
   */
  public record Ingress(List<Listener> listeners, Origin origin) {
    public Ingress {
      listeners = List.copyOf(listeners);
    }
  }

  /**
   * A listener of an ingress gateway.
   *
   * @param port the port
   * @param protocol {@code tcp}, {@code http}, {@code http2} or {@code grpc}
   * @param services the services behind it
   * @param origin where the block stands
   */
  public record Listener(int port, String protocol, List<IngressService> services, Origin origin) {
    public Listener {
      services = List.copyOf(services);
    }
  }

  /**
   * A service behind a listener.
   *
   * @param name its name; {@code *} for all
   * @param hosts the host names it answers to
   * @param origin where the block stands
   */
  public record IngressService(String name, List<String> hosts, Origin origin) {
    public IngressService {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * The {@code terminating} block.
   *
   * @param services the services that it leads to
   * @param origin where the block stands
   */
  public record Terminating(List<LinkedService> services, Origin origin) {
    public Terminating {
      services = List.copyOf(services);
    }
  }

  /**
   * A service outside of the mesh.
   *
   * @param name its name
   * @param caFile the file with the authority that its certificate is checked against
   * @param certFile the file with the certificate shown to it
   * @param keyFile the file with that certificate's key
   * @param sni the name asked for
   * @param origin where the block stands
   */
  public record LinkedService(
      String name, String caFile, String certFile, String keyFile, String sni, Origin origin) {}
}
