package dev.connectbridge.admit;

import dev.connectbridge.spec.GatewaySpec;
import dev.connectbridge.spec.GatewaySpec.BindAddress;
import dev.connectbridge.spec.GatewaySpec.Proxy;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.ServiceSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What a gateway listens on when its spec does not say (Nomad 1.1.2). */
final class GatewayDefaults {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final String ANYWHERE = "0.0.0.0";

  /** To be filled in from the instance's ports. */
  private static final int OPEN = -1;

  private final List<Network> networks;
  private final Consumer<String> addPort;

  GatewayDefaults(List<Network> networks, Consumer<String> addPort) {
    this.networks = networks;
    this.addPort = addPort;
  }

  ServiceSpec fill(ServiceSpec service, ConnectKind kind) {
    String port = service.portLabel();
    if (kind == ConnectKind.TERMINATING && port.isEmpty()) {
      port = kind.name(service.name());
      addPort.accept(port);
    }
    if (kind == ConnectKind.MESH) {
      addPort.accept(lanLabel(service.name()));
    }
    GatewaySpec gateway = service.connect().flatMap(connect -> connect.gateway()).orElseThrow();
    GatewaySpec filled =
        new GatewaySpec(
            proxy(gateway, kind),
            gateway.ingress(),
            gateway.terminating(),
            gateway.mesh(),
            gateway.origin());
    return service.with(
        service.name(),
        port,
        service.checks(),
        service.connect().map(connect -> connect.withGateway(filled)));
  }

  /** Returns the label of the port on which a mesh gateway serves its own datacenter. */
  static String lanLabel(String service) {
    return ConnectKind.MESH.name(service) + "-lan";
  }

  private Proxy proxy(GatewaySpec gateway, ConnectKind kind) {
    Proxy said = gateway.proxy();
    boolean own =
        said.bindTaggedAddresses() || said.noDefaultBind() || !said.bindAddresses().isEmpty();
    boolean ownNetwork =
        networks.stream()
            .limit(1)
            .anyMatch(
                network -> network.mode().equals("bridge") || network.mode().startsWith("cni/"));
    boolean fill = ownNetwork && !own;
    return new Proxy(
        Optional.of(said.connectTimeout().orElse(CONNECT_TIMEOUT)),
        said.bindTaggedAddresses(),
        fill ? addresses(gateway, kind) : said.bindAddresses(),
        fill || said.noDefaultBind(),
        said.dnsDiscoveryType(),
        said.config(),
        said.origin());
  }

  private static Map<String, BindAddress> addresses(GatewaySpec gateway, ConnectKind kind) {
    Map<String, BindAddress> addresses = new LinkedHashMap<>();
    gateway
        .ingress()
        .ifPresent(
            ingress ->
                ingress
                    .listeners()
                    .forEach(
                        listener ->
                            listener
                                .services()
                                .forEach(
                                    service ->
                                        addresses.put(
                                            service.name(),
                                            new BindAddress(
                                                ANYWHERE, listener.port(), listener.origin())))));
    if (kind == ConnectKind.TERMINATING) {
      addresses.put("default", new BindAddress(ANYWHERE, OPEN, gateway.origin()));
    }
    if (kind == ConnectKind.MESH) {
      addresses.put("wan", new BindAddress(ANYWHERE, OPEN, gateway.origin()));
      addresses.put("lan", new BindAddress(ANYWHERE, OPEN, gateway.origin()));
    }
    return addresses;
  }
}
