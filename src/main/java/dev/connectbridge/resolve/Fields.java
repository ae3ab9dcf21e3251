package dev.connectbridge.resolve;

import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.ExposedPath;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.resolve.Registration.Weights;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A registration taken apart: every field that says something, by its path. Fields that say nothing
 * are left out, so a field that is added to the model later changes no hash.
 */
public final class Fields {
  private final SortedMap<String, String> fields = new TreeMap<>();

  private Fields() {}

  /** Returns the fields of a registration, without its marks. */
  public static SortedMap<String, String> of(Registration registration) {
    Fields all = new Fields();
    all.text("name", registration.name());
    all.list("tags", registration.tags());
    all.flag("enable_tag_override", registration.enableTagOverride());
    all.text("address", registration.address());
    all.number("port", registration.port());
    registration
        .taggedAddresses()
        .forEach(
            (name, tagged) ->
                all.text(
                    "tagged_addresses." + name,
                    Addresses.hostPort(tagged.address(), tagged.port())));
    if (!registration.weights().equals(Weights.CONSULS)) {
      all.number("weights.passing", registration.weights().passing());
      all.number("weights.warning", registration.weights().warning());
    }
    all.text("kind", registration.role().kind());
    all.flag("native", registration.role().isNative());
    all.values("gateway.config", registration.role().config());
    all.map("meta", registration.meta());
    all.checks("check", registration.checks());
    registration.sidecar().ifPresent(all::sidecar);
    return Collections.unmodifiableSortedMap(all.fields);
  }

  /** Returns the hash that stands for a registration, whatever its marks. */
  static String hash(Registration registration) {
    StringBuilder text = new StringBuilder();
    of(registration)
        .forEach((path, value) -> text.append(path).append('\0').append(value).append('\0'));
    return Uuids.sha256(text.toString()).substring(0, 32);
  }

  private void sidecar(Sidecar sidecar) {
    fields.put("sidecar", "true");
    list("sidecar.tags", sidecar.tags());
    text("sidecar.address", sidecar.address());
    number("sidecar.port", sidecar.port());
    map("sidecar.meta", sidecar.meta());
    checks("sidecar.check", sidecar.checks());
    proxy(sidecar.proxy());
  }

  private void proxy(Proxy proxy) {
    text("sidecar.proxy.local_service_address", proxy.localServiceAddress());
    number("sidecar.proxy.local_service_port", proxy.localServicePort());
    values("sidecar.proxy.config", proxy.config());
    text("sidecar.proxy.mode", proxy.mode());
    for (int i = 0; i < proxy.expose().size(); i++) {
      exposed("sidecar.proxy.expose.path[%d]".formatted(i), proxy.expose().get(i));
    }
    for (int i = 0; i < proxy.upstreams().size(); i++) {
      upstream("sidecar.proxy.upstreams[%d]".formatted(i), proxy.upstreams().get(i));
    }
  }

  private void exposed(String at, ExposedPath exposed) {
    text(at + ".path", exposed.path());
    text(at + ".protocol", exposed.protocol());
    number(at + ".local_path_port", exposed.localPathPort());
    number(at + ".listener_port", exposed.listenerPort());
  }

  private void upstream(String path, Upstream upstream) {
    text(path + ".destination_name", upstream.destinationName());
    text(path + ".destination_namespace", upstream.destinationNamespace());
    text(path + ".destination_partition", upstream.destinationPartition());
    text(path + ".destination_peer", upstream.destinationPeer());
    text(path + ".destination_type", upstream.destinationType());
    text(path + ".datacenter", upstream.datacenter());
    text(path + ".local_bind_address", upstream.localBindAddress());
    number(path + ".local_bind_port", upstream.localBindPort());
    text(path + ".local_bind_socket_path", upstream.localBindSocketPath());
    text(path + ".local_bind_socket_mode", upstream.localBindSocketMode());
    text(path + ".mesh_gateway.mode", upstream.meshGatewayMode());
    values(path + ".config", upstream.config());
  }

  private void checks(String path, List<Check> checks) {
    for (Check check : checks) {
      String at = path + "[\"" + check.id() + "\"]";
      fields.put(at + ".name", check.name());
      check.probe().ifPresent(probe -> probe(at, probe));
    }
  }

  private void probe(String at, Probe probe) {
    fields.put(at + ".type", probe.kind().name().toLowerCase(java.util.Locale.ROOT));
    text(at + ".target", probe.target());
    duration(at + ".interval", probe.interval());
    duration(at + ".timeout", probe.timeout());
    text(at + ".initial_status", probe.initialStatus());
    text(at + ".method", probe.method());
    probe.header().forEach((key, values) -> list(at + ".header." + key, values));
    text(at + ".body", probe.body());
    flag(at + ".tls_skip_verify", probe.tlsSkipVerify());
    text(at + ".tls_server_name", probe.tlsServerName());
    flag(at + ".grpc_use_tls", probe.grpcUseTls());
    number(at + ".success_before_passing", probe.successBeforePassing());
    number(at + ".failures_before_critical", probe.failuresBeforeCritical());
    number(at + ".failures_before_warning", probe.failuresBeforeWarning());
  }

  private void text(String path, String text) {
    if (!text.isEmpty()) {
      fields.put(path, quoted(text));
    }
  }

  private void number(String path, int number) {
    if (number != 0) {
      fields.put(path, Integer.toString(number));
    }
  }

  private void flag(String path, boolean flag) {
    if (flag) {
      fields.put(path, "true");
    }
  }

  private void duration(String path, Duration duration) {
    if (!duration.isZero()) {
      fields.put(path, duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT));
    }
  }

  private void list(String path, List<String> texts) {
    if (!texts.isEmpty()) {
      fields.put(path, texts.stream().map(Fields::quoted).toList().toString());
    }
  }

  private void map(String path, Map<String, String> map) {
    map.forEach((key, value) -> fields.put(path + "." + key, quoted(value)));
  }

  private void values(String path, SortedMap<String, Value> values) {
    values.forEach((key, value) -> fields.put(path + "." + key, text(value)));
  }

  private static String text(Value value) {
    if (value instanceof Value.Text text) {
      return quoted(text.text());
    }
    if (value instanceof Value.Num num) {
      return plain(num.number());
    }
    if (value instanceof Value.Bool bool) {
      return Boolean.toString(bool.flag());
    }
    if (value instanceof Value.Items items) {
      return items.items().stream().map(Fields::text).toList().toString();
    }
    if (value instanceof Value.Entries entries) {
      SortedMap<String, String> sorted = new TreeMap<>();
      entries.entries().forEach((key, entry) -> sorted.put(quoted(key), text(entry)));
      return sorted.toString();
    }
    return "null";
  }

  /** Ordinary numbers in full; 1e999999999 is not written out. */
  private static String plain(BigDecimal number) {
    return Math.abs(number.scale()) < 30 ? number.toPlainString() : number.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
