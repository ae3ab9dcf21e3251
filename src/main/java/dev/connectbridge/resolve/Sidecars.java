package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.resolve.Addresses.Reached;
import dev.connectbridge.resolve.Instance.GivenPort;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.ExposedPath;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The sidecar of one service of an instance. */
final class Sidecars {
  private static final Duration LISTENING_INTERVAL = Duration.ofSeconds(10);
  private static final String LOOPBACK = "127.0.0.1";
  private static final Marks NOT_YET = new Marks("", "", "", "", "");

  private final Instance instance;
  private final Choices choices;
  private final Filling filling;
  private final Consumer<Problem> blame;
  private final List<Problem> warnings;

  Sidecars(
      Instance instance,
      Choices choices,
      Filling filling,
      Consumer<Problem> blame,
      List<Problem> warnings) {
    this.instance = instance;
    this.choices = choices;
    this.filling = filling;
    this.blame = blame;
    this.warnings = warnings;
  }

  /**
   * The service that a sidecar stands before.
   *
   * @param id its ID
   * @param spec its spec
   * @param label its port label, filled in
   * @param reached where it is reached
   * @param tags its tags
   * @param meta its meta
   */
  record Parent(
      ServiceId id,
      ServiceSpec spec,
      String label,
      Reached reached,
      List<String> tags,
      SortedMap<String, String> meta) {}

  /** Returns the sidecar, its marks still to come; empty when its port is not there. */
  Optional<Sidecar> of(Parent parent) {
    ConnectSpec.Sidecar spec = parent.spec().sidecar().orElseThrow();
    String label = filling.text(spec.origin(), "port", Admission.sidecarPortLabel(parent.spec()));
    Optional<GivenPort> port = port(spec.origin(), "port", label);
    return port.map(given -> sidecar(parent, spec, given));
  }

  private Optional<GivenPort> port(Origin origin, String key, String label) {
    Optional<GivenPort> port = instance.port(label);
    if (port.isEmpty() && !label.isEmpty() && !instance.group().networks().isEmpty()) {
      blame.accept(origin.problem(key, instance.unknownLabel(label)));
    }
    return port;
  }

  private Sidecar sidecar(Parent parent, ConnectSpec.Sidecar spec, GivenPort listener) {
    List<String> tags = filling.texts(spec.origin(), "tags", spec.tags());
    return new Sidecar(
        tags.isEmpty() ? parent.tags() : tags,
        listener.hostIp(),
        listener.value(),
        spec.meta().isEmpty() ? parent.meta() : own(spec.meta()),
        NOT_YET,
        proxy(spec.proxy(), parent, listener),
        checks(parent.id(), spec, listener));
  }

  /** What Consul shows as the source is ours to say. */
  private static SortedMap<String, String> own(Map<String, String> meta) {
    SortedMap<String, String> own = new TreeMap<>(meta);
    own.remove(Marks.EXTERNAL_SOURCE);
    return own;
  }

  private static List<Check> checks(ServiceId id, ConnectSpec.Sidecar spec, GivenPort listener) {
    List<Check> checks = new ArrayList<>();
    checks.add(
        new Check(
            id.check("alias"), "Connect Sidecar Aliasing " + id, Optional.of(Probe.alias(id))));
    if (!spec.disableDefaultTcpCheck()) {
      String target = Addresses.hostPort(listener.hostIp(), listener.value());
      checks.add(
          new Check(
              id.check("listening"),
              "Connect Sidecar Listening",
              Optional.of(Probe.tcp(target, LISTENING_INTERVAL))));
    }
    return checks;
  }

  private Proxy proxy(ConnectSpec.Proxy spec, Parent parent, GivenPort listener) {
    SortedMap<String, Value> config = filling.opaque(spec.origin(), spec.config());
    config.putIfAbsent(
        "bind_address", new Value.Text(listener.hostIp().contains(":") ? "::" : "0.0.0.0"));
    config.put("bind_port", Value.Num.of(listener.inside()));
    if (choices.envoyStatsTags()) {
      StatsTags.addTo(config, instance);
    }
    String local = filling.text(spec.origin(), "local_service_address", spec.localServiceAddress());
    int localPort = spec.localServicePort().orElseGet(() -> localPort(parent));
    return new Proxy(
        local.isEmpty() ? LOOPBACK : local,
        localPort,
        config,
        spec.transparent().isPresent() ? "transparent" : "",
        exposed(spec, localPort),
        spec.upstreams().stream().map(this::upstream).toList());
  }

  /**
   * The application listens on the label's {@code to}; Nomad leaves this open, so that its proxies
   * dial the host port inside the group.
   */
  private int localPort(Parent parent) {
    Optional<GivenPort> port = instance.port(parent.label());
    if (port.isPresent() && port.get().to() > 0 && port.get().to() != parent.reached().port()) {
      warnings.add(
          parent
              .spec()
              .origin()
              .problem(
                  "port",
                  "\"%s\" is mapped to %d, so local_service_port is taken to be %d"
                      .formatted(parent.label(), port.get().to(), port.get().to())));
      return port.get().to();
    }
    return parent.reached().port();
  }

  /** The listener is the host port of its label, whatever it is mapped to (Nomad 1.1.2). */
  private List<ExposedPath> exposed(ConnectSpec.Proxy spec, int localPort) {
    List<ExposedPath> paths = new ArrayList<>();
    for (ConnectSpec.ExposedPath path : spec.expose()) {
      Origin at = path.origin();
      String label = filling.text(at, "listener_port", path.listenerPort());
      port(at, "listener_port", label)
          .ifPresent(
              port ->
                  paths.add(
                      new ExposedPath(
                          filling.text(at, "path", path.path()),
                          filling.text(at, "protocol", path.protocol()),
                          path.localPathPort() == 0 ? localPort : path.localPathPort(),
                          port.value())));
    }
    return paths;
  }

  private Upstream upstream(ConnectSpec.Upstream spec) {
    Origin at = spec.origin();
    String address = filling.text(at, "local_bind_address", spec.localBindAddress());
    boolean socket = !spec.localBindSocketPath().isEmpty();
    return new Upstream(
        filling.text(at, "destination_name", spec.destinationName()),
        spec.destinationNamespace(),
        spec.destinationPartition(),
        spec.destinationPeer(),
        spec.destinationType().isEmpty() ? "service" : spec.destinationType(),
        filling.text(at, "datacenter", spec.datacenter()),
        address.isEmpty() && !socket ? LOOPBACK : address,
        spec.localBindPort(),
        spec.localBindSocketPath(),
        spec.localBindSocketMode(),
        spec.meshGatewayMode(),
        filling.opaque(at, spec.config()));
  }
}
