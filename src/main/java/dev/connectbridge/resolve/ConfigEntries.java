package dev.connectbridge.resolve;

import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.spec.GatewaySpec;
import dev.connectbridge.spec.GatewaySpec.Headers;
import dev.connectbridge.spec.GatewaySpec.Ingress;
import dev.connectbridge.spec.GatewaySpec.IngressService;
import dev.connectbridge.spec.GatewaySpec.LinkedService;
import dev.connectbridge.spec.GatewaySpec.Listener;
import dev.connectbridge.spec.GatewaySpec.Sds;
import dev.connectbridge.spec.GatewaySpec.Terminating;
import dev.connectbridge.spec.GatewaySpec.Tls;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The configuration entries that Nomad's server writes for ingress and terminating gateways when it
 * takes a job; a mesh gateway has none. Several instances of one gateway share one.
 */
final class ConfigEntries {
  private final Situation situation;
  private final BiConsumer<String, Problem> blame;
  private final SortedMap<String, ConfigEntry> entries = new TreeMap<>();

  ConfigEntries(Situation situation, BiConsumer<String, Problem> blame) {
    this.situation = situation;
    this.blame = blame;
  }

  /** Returns the entries of the gateways that were added, by kind and name. */
  List<ConfigEntry> all() {
    return List.copyOf(entries.values());
  }

  /** Adds what a service needs, if it is such a gateway; it is fitted to the agent already. */
  void add(Instance instance, ServiceSpec service, boolean marked) {
    Optional<GatewaySpec> gateway = service.connect().flatMap(connect -> connect.gateway());
    gateway
        .flatMap(GatewaySpec::ingress)
        .ifPresent(
            ingress -> add(entry(instance, service, "ingress-gateway", of(ingress), marked)));
    gateway
        .flatMap(GatewaySpec::terminating)
        .ifPresent(
            leading -> add(entry(instance, service, "terminating-gateway", of(leading), marked)));
  }

  private ConfigEntry entry(
      Instance instance,
      ServiceSpec service,
      String kind,
      Map<String, Value> body,
      boolean marked) {
    return new ConfigEntry(
        kind,
        service.name(),
        body,
        marked ? Marks.ofEntry(situation.owner(), instance.source()) : new TreeMap<>(),
        instance.source(),
        instance.job().allocation().isPresent(),
        service.origin());
  }

  private void add(ConfigEntry entry) {
    ConfigEntry first = entries.putIfAbsent(entry.id(), entry);
    if (first != null && !first.body().equals(entry.body())) {
      blame.accept(entry.source(), differs(entry, first));
      blame.accept(first.source(), differs(first, entry));
    }
  }

  private static Problem differs(ConfigEntry entry, ConfigEntry other) {
    String file = other.origin().file();
    return entry
        .origin()
        .problem(
            "connect",
            ("all gateways \"%s\" of a cluster share one configuration entry, and this one is"
                    + " another than in %s:%d")
                .formatted(
                    entry.name(),
                    file.isEmpty() ? other.source() : file,
                    other.origin().place().line()));
  }

  private static Map<String, Value> of(Ingress ingress) {
    Map<String, Value> body = new LinkedHashMap<>();
    ingress.tls().ifPresent(tls -> put(body, "TLS", of(tls)));
    body.put(
        "Listeners",
        new Value.Items(
            ingress.listeners().stream().map(ConfigEntries::of).map(Value.class::cast).toList()));
    return body;
  }

  private static Value.Entries of(Tls tls) {
    Map<String, Value> body = new LinkedHashMap<>();
    body.put("Enabled", new Value.Bool(tls.enabled()));
    put(body, "TLSMinVersion", tls.tlsMinVersion());
    put(body, "TLSMaxVersion", tls.tlsMaxVersion());
    put(body, "CipherSuites", tls.cipherSuites());
    tls.sds().ifPresent(sds -> put(body, "SDS", of(sds)));
    return new Value.Entries(body);
  }

  private static Value.Entries of(Sds sds) {
    Map<String, Value> body = new LinkedHashMap<>();
    put(body, "ClusterName", sds.clusterName());
    put(body, "CertResource", sds.certResource());
    return new Value.Entries(body);
  }

  private static Value.Entries of(Listener listener) {
    Map<String, Value> body = new LinkedHashMap<>();
    body.put("Port", Value.Num.of(listener.port()));
    put(body, "Protocol", listener.protocol());
    body.put(
        "Services",
        new Value.Items(
            listener.services().stream().map(ConfigEntries::of).map(Value.class::cast).toList()));
    return new Value.Entries(body);
  }

  private static Value.Entries of(IngressService service) {
    Map<String, Value> body = new LinkedHashMap<>();
    put(body, "Name", service.name());
    put(body, "Hosts", service.hosts());
    service
        .tls()
        .flatMap(Tls::sds)
        .ifPresent(sds -> body.put("TLS", new Value.Entries(Map.of("SDS", of(sds)))));
    service.requestHeaders().ifPresent(headers -> put(body, "RequestHeaders", of(headers)));
    service.responseHeaders().ifPresent(headers -> put(body, "ResponseHeaders", of(headers)));
    put(body, "MaxConnections", service.maxConnections());
    put(body, "MaxPendingRequests", service.maxPendingRequests());
    put(body, "MaxConcurrentRequests", service.maxConcurrentRequests());
    return new Value.Entries(body);
  }

  private static Value.Entries of(Headers headers) {
    Map<String, Value> body = new LinkedHashMap<>();
    put(body, "Add", texts(headers.add()));
    put(body, "Set", texts(headers.set()));
    put(body, "Remove", headers.remove());
    return new Value.Entries(body);
  }

  private static Map<String, Value> of(Terminating terminating) {
    return Map.of(
        "Services",
        new Value.Items(
            terminating.services().stream()
                .map(ConfigEntries::of)
                .map(Value.class::cast)
                .toList()));
  }

  private static Value.Entries of(LinkedService service) {
    Map<String, Value> body = new LinkedHashMap<>();
    put(body, "Name", service.name());
    put(body, "CAFile", service.caFile());
    put(body, "CertFile", service.certFile());
    put(body, "KeyFile", service.keyFile());
    put(body, "SNI", service.sni());
    return new Value.Entries(body);
  }

  private static Value.Entries texts(Map<String, String> texts) {
    Map<String, Value> values = new LinkedHashMap<>();
    texts.forEach((key, text) -> values.put(key, new Value.Text(text)));
    return new Value.Entries(values);
  }

  private static void put(Map<String, Value> body, String key, String text) {
    if (!text.isEmpty()) {
      body.put(key, new Value.Text(text));
    }
  }

  private static void put(Map<String, Value> body, String key, List<String> texts) {
    if (!texts.isEmpty()) {
      body.put(
          key,
          new Value.Items(texts.stream().map(Value.Text::new).map(Value.class::cast).toList()));
    }
  }

  private static void put(Map<String, Value> body, String key, OptionalInt number) {
    number.ifPresent(value -> body.put(key, Value.Num.of(value)));
  }

  private static void put(Map<String, Value> body, String key, Value.Entries inner) {
    if (!inner.entries().isEmpty()) {
      body.put(key, inner);
    }
  }
}
