package dev.connectbridge.parse;

import dev.connectbridge.spec.GatewaySpec;
import dev.connectbridge.spec.GatewaySpec.BindAddress;
import dev.connectbridge.spec.GatewaySpec.Headers;
import dev.connectbridge.spec.GatewaySpec.Ingress;
import dev.connectbridge.spec.GatewaySpec.IngressService;
import dev.connectbridge.spec.GatewaySpec.LinkedService;
import dev.connectbridge.spec.GatewaySpec.Listener;
import dev.connectbridge.spec.GatewaySpec.Proxy;
import dev.connectbridge.spec.GatewaySpec.Sds;
import dev.connectbridge.spec.GatewaySpec.Terminating;
import dev.connectbridge.spec.GatewaySpec.Tls;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes a gateway of its section. */
final class GatewayReader {
  private GatewayReader() {}

  static GatewaySpec read(Section gateway) {
    return new GatewaySpec(
        gateway.block("proxy").map(GatewayReader::proxy).orElseGet(() -> noProxy(gateway)),
        gateway.block("ingress").map(GatewayReader::ingress),
        gateway.block("terminating").map(GatewayReader::terminating),
        gateway.block("mesh").isPresent(),
        gateway.origin());
  }

  private static Proxy noProxy(Section gateway) {
    return new Proxy(Optional.empty(), false, Map.of(), false, "", Map.of(), gateway.origin());
  }

  private static Proxy proxy(Section proxy) {
    Map<String, BindAddress> addresses = new LinkedHashMap<>();
    for (Section each : proxy.blocks("envoy_gateway_bind_addresses")) {
      addresses.put(
          each.label(),
          new BindAddress(each.text("address"), each.integer("port").orElse(0), each.origin()));
    }
    return new Proxy(
        proxy.duration("connect_timeout"),
        proxy.flag("envoy_gateway_bind_tagged_addresses"),
        addresses,
        proxy.flag("envoy_gateway_no_default_bind"),
        proxy.text("envoy_dns_discovery_type"),
        proxy.opaque("config"),
        proxy.origin());
  }

  private static Ingress ingress(Section ingress) {
    return new Ingress(
        ingress.block("tls").map(GatewayReader::tls),
        ingress.blocks("listener").stream().map(GatewayReader::listener).toList(),
        ingress.origin());
  }

  private static Listener listener(Section listener) {
    return new Listener(
        listener.integer("port").orElse(0),
        listener.text("protocol", "tcp"),
        listener.blocks("service").stream().map(GatewayReader::service).toList(),
        listener.origin());
  }

  private static IngressService service(Section service) {
    return new IngressService(
        service.text("name"),
        service.texts("hosts"),
        service.block("tls").map(GatewayReader::tls),
        service.block("request_headers").map(GatewayReader::headers),
        service.block("response_headers").map(GatewayReader::headers),
        service.integer("max_connections"),
        service.integer("max_pending_requests"),
        service.integer("max_concurrent_requests"),
        service.origin());
  }

  private static Tls tls(Section tls) {
    return new Tls(
        tls.flag("enabled"),
        tls.text("tls_min_version"),
        tls.text("tls_max_version"),
        tls.texts("cipher_suites"),
        tls.block("sds")
            .map(sds -> new Sds(sds.text("cluster_name"), sds.text("cert_resource"), sds.origin())),
        tls.origin());
  }

  private static Headers headers(Section headers) {
    return new Headers(
        headers.textMap("add"), headers.textMap("set"), headers.texts("remove"), headers.origin());
  }

  private static Terminating terminating(Section terminating) {
    return new Terminating(
        terminating.blocks("service").stream()
            .map(
                service ->
                    new LinkedService(
                        service.text("name"),
                        service.text("ca_file"),
                        service.text("cert_file"),
                        service.text("key_file"),
                        service.text("sni"),
                        service.origin()))
            .toList(),
        terminating.origin());
  }
}
