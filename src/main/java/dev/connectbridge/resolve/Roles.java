package dev.connectbridge.resolve;

import dev.connectbridge.admit.ConnectKind;
import dev.connectbridge.resolve.Registration.Role;
import dev.connectbridge.spec.GatewaySpec;
import dev.connectbridge.spec.GatewaySpec.BindAddress;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.Value;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a service of an instance is in the mesh besides having a sidecar (Nomad 1.1.2). */
final class Roles {
  private final Instance instance;
  private final Filling filling;
  private final Consumer<Problem> blame;

  Roles(Instance instance, Filling filling, Consumer<Problem> blame) {
    this.instance = instance;
    this.filling = filling;
    this.blame = blame;
  }

  Role of(ServiceSpec service, String label) {
    Optional<ConnectKind> kind = ConnectKind.of(service);
    Optional<GatewaySpec> gateway = service.connect().flatMap(connect -> connect.gateway());
    if (kind.isPresent() && gateway.isPresent()) {
      return new Role(
          kind.get().consulKind(),
          false,
          config(gateway.get().proxy(), kind.get(), service, label));
    }
    return new Role(service.kind(), kind.equals(Optional.of(ConnectKind.NATIVE)), new TreeMap<>());
  }

  private SortedMap<String, Value> config(
      GatewaySpec.Proxy proxy, ConnectKind kind, ServiceSpec service, String label) {
    SortedMap<String, Value> config = new TreeMap<>();
    proxy
        .connectTimeout()
        .ifPresent(timeout -> config.put("connect_timeout_ms", Value.Num.of(timeout.toMillis())));
    if (proxy.bindTaggedAddresses()) {
      config.put("envoy_gateway_bind_tagged_addresses", new Value.Bool(true));
    }
    if (!proxy.bindAddresses().isEmpty()) {
      config.put(
          "envoy_gateway_bind_addresses", addresses(proxy.bindAddresses(), kind, service, label));
    }
    if (proxy.noDefaultBind()) {
      config.put("envoy_gateway_no_default_bind", new Value.Bool(true));
    }
    if (!proxy.dnsDiscoveryType().isEmpty()) {
      config.put("envoy_dns_discovery_type", new Value.Text(proxy.dnsDiscoveryType()));
    }
    config.putAll(filling.opaque(proxy.origin(), proxy.config()));
    return config;
  }

  private Value addresses(
      Map<String, BindAddress> addresses, ConnectKind kind, ServiceSpec service, String label) {
    Map<String, Value> values = new TreeMap<>();
    addresses.forEach(
        (name, bind) -> {
          boolean lan = kind == ConnectKind.MESH && name.equals("lan");
          String open = lan ? kind.name(service.name()) + "-lan" : label;
          values.put(
              name,
              new Value.Entries(
                  Map.of(
                      "Address",
                      new Value.Text(bind.address()),
                      "Port",
                      Value.Num.of(port(bind, open)))));
        });
    return new Value.Entries(values);
  }

  private int port(BindAddress bind, String label) {
    if (bind.port() != -1) {
      return bind.port();
    }
    Optional<Instance.GivenPort> port = instance.port(label);
    if (port.isEmpty() && !label.isEmpty()) {
      blame.accept(
          bind.origin()
              .problem("port", "no port is labelled \"%s\", to be filled in".formatted(label)));
    }
    return port.map(Instance.GivenPort::inside).orElse(0);
  }
}
