package dev.connectbridge.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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

  /** Returns the same gateway with another ingress. */
  public GatewaySpec withIngress(Ingress changed) {
    return new GatewaySpec(proxy, Optional.of(changed), terminating, mesh, origin);
  }

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
   * @param tls how all listeners speak TLS
   * @param listeners what it listens for
   * @param origin where the block stands
   */
  public record Ingress(Optional<Tls> tls, List<Listener> listeners, Origin origin) {
    public Ingress {
      listeners = List.copyOf(listeners);
    }
  }

  /**
   * A {@code tls} block.
   *
   * @param enabled whether listeners speak TLS
   * @param tlsMinVersion the oldest version of TLS; empty for the proxy's own choice
   * @param tlsMaxVersion the newest version of TLS; empty for the proxy's own choice
   * @param cipherSuites the ciphers that are offered
   * @param sds where the certificate comes from
   * @param origin where the block stands
   */
  public record Tls(
      boolean enabled,
      String tlsMinVersion,
      String tlsMaxVersion,
      List<String> cipherSuites,
      Optional<Sds> sds,
      Origin origin) {
    public Tls {
      cipherSuites = List.copyOf(cipherSuites);
    }
  }

  /**
   * The {@code sds} block: a certificate that the proxy asks for.
   *
   * @param clusterName the cluster that has it
   * @param certResource what it is called there
   * @param origin where the block stands
   */
  public record Sds(String clusterName, String certResource, Origin origin) {}

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
   * @param tls its own certificate
   * @param requestHeaders what is changed in the headers of requests
   * @param responseHeaders what is changed in the headers of answers
   * @param maxConnections how many connections there may be at once
   * @param maxPendingRequests how many requests may wait
   * @param maxConcurrentRequests how many requests there may be at once
   * @param origin where the block stands
   */
  public record IngressService(
      String name,
      List<String> hosts,
      Optional<Tls> tls,
      Optional<Headers> requestHeaders,
      Optional<Headers> responseHeaders,
      OptionalInt maxConnections,
      OptionalInt maxPendingRequests,
      OptionalInt maxConcurrentRequests,
      Origin origin) {
    public IngressService {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * What is changed in headers.
   *
   * @param add the headers that are added
   * @param set the headers that take the place of others of their names
   * @param remove the names of those that go
   * @param origin where the block stands
   */
  public record Headers(
      Map<String, String> add, Map<String, String> set, List<String> remove, Origin origin) {
    public Headers {
      add = Ordered.copy(add);
      set = Ordered.copy(set);
      remove = List.copyOf(remove);
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
