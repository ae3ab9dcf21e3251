package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.resolve.Addresses.Reached;
import dev.connectbridge.resolve.Instance.GivenPort;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The registrations of one instance. */
final class Registrations {
  private static final Duration LISTENING_INTERVAL = Duration.ofSeconds(10);
  private static final String LOOPBACK = "127.0.0.1";

  private final Instance instance;
  private final Situation situation;
  private final BiConsumer<String, Problem> blame;
  private final List<Problem> warnings;
  private final Interpolation values;

  Registrations(
      Instance instance,
      Situation situation,
      BiConsumer<String, Problem> blame,
      List<Problem> warnings) {
    this.instance = instance;
    this.situation = situation;
    this.blame = blame;
    this.warnings = warnings;
    this.values = instance.values(situation.node());
  }

  List<Workload> workloads() {
    List<Workload> workloads = new ArrayList<>();
    for (ServiceSpec service : instance.group().services()) {
      registration(service)
          .ifPresent(
              registration ->
                  workloads.add(
                      new Workload(registration, task(service), instance.group().shutdownDelay())));
    }
    return workloads;
  }

  private Optional<TaskSpec> task(ServiceSpec service) {
    return service
        .sidecar()
        .flatMap(
            sidecar ->
                instance.group().tasks().stream()
                    .filter(task -> task.kind().equals(Admission.proxyKind(service)))
                    .findFirst());
  }

  private Optional<Registration> registration(ServiceSpec service) {
    String label = filled(service.origin(), "port", service.portLabel());
    Optional<Reached> reached = reached(service.origin(), service.addressMode(), label);
    if (reached.isEmpty() || service.name().contains("${")) {
      return Optional.empty();
    }
    ServiceId id = ServiceId.of(instance.id(), instance.group().name(), service.name(), label);
    List<String> tags = filled(service.origin(), "tags", service.tags());
    SortedMap<String, String> meta = filledMap(service.origin(), service.meta());
    List<Check> checks =
        new CheckProbes(instance, values, this::filled, this::unreached).of(id, service, label);
    Optional<Sidecar> sidecar = Optional.empty();
    if (service.sidecar().isPresent()) {
      sidecar = sidecar(id, service, label, reached.get(), tags, meta);
      if (sidecar.isEmpty()) {
        return Optional.empty();
      }
    }
    Registration registration =
        new Registration(
            id,
            service.name(),
            tags,
            service.enableTagOverride(),
            reached.get().address(),
            reached.get().port(),
            meta,
            marks(service, label),
            checks,
            sidecar);
    Payload payload = new Payload(registration, service);
    payload.problems().forEach(this::blame);
    payload.stalls().forEach(situation.forAgent() ? this::blame : warnings::add);
    return Optional.of(
        registration.withMarks(registration.marks().withHash(Fields.hash(registration))));
  }

  private Marks marks(ServiceSpec service, String label) {
    SortedSet<String> used = new TreeSet<>();
    used.add(label);
    service.checks().forEach(check -> used.add(values.apply(check.portLabel())));
    service
        .sidecar()
        .ifPresent(sidecar -> used.add(values.apply(Admission.sidecarPortLabel(service))));
    return new Marks(
        situation.owner(), instance.name(), instance.source(), "", PortsMark.of(instance, used));
  }

  private Optional<Sidecar> sidecar(
      ServiceId id,
      ServiceSpec service,
      String serviceLabel,
      Reached parent,
      List<String> parentTags,
      SortedMap<String, String> parentMeta) {
    ConnectSpec.Sidecar spec = service.sidecar().orElseThrow();
    String label = filled(spec.origin(), "port", Admission.sidecarPortLabel(service));
    Optional<GivenPort> port = instance.port(label);
    if (port.isEmpty()) {
      blame(spec.origin().problem("port", "no port is labelled \"%s\"".formatted(label)));
      return Optional.empty();
    }
    List<String> tags = filled(spec.origin(), "tags", spec.tags());
    GivenPort given = port.get();
    List<Check> checks = new ArrayList<>();
    checks.add(
        new Check(
            id.check("alias"), "Connect Sidecar Aliasing " + id, Optional.of(Probe.alias(id))));
    if (!spec.disableDefaultTcpCheck()) {
      String listener = Addresses.hostPort(given.hostIp(), given.value());
      checks.add(
          new Check(
              id.check("listening"),
              "Connect Sidecar Listening",
              Optional.of(Probe.tcp(listener, LISTENING_INTERVAL))));
    }
    return Optional.of(
        new Sidecar(
            tags.isEmpty() ? parentTags : tags,
            given.hostIp(),
            given.value(),
            spec.meta().isEmpty() ? parentMeta : new TreeMap<>(spec.meta()),
            new Marks("", "", "", "", ""),
            proxy(spec.proxy(), service, serviceLabel, parent, given),
            checks));
  }

  private Proxy proxy(
      ConnectSpec.Proxy spec,
      ServiceSpec service,
      String serviceLabel,
      Reached parent,
      GivenPort listener) {
    SortedMap<String, Value> config = opaque(spec.origin(), spec.config());
    config.putIfAbsent(
        "bind_address", new Value.Text(listener.hostIp().contains(":") ? "::" : "0.0.0.0"));
    config.put("bind_port", Value.Num.of(listener.inside()));
    String local = filled(spec.origin(), "local_service_address", spec.localServiceAddress());
    return new Proxy(
        local.isEmpty() ? LOOPBACK : local,
        spec.localServicePort().orElseGet(() -> localPort(service, serviceLabel, parent)),
        config,
        spec.upstreams().stream().map(this::upstream).toList());
  }

  /**
   * The application listens on the label's {@code to}; Nomad leaves this open, so that its proxies
   * dial the host port inside the group.
   */
  private int localPort(ServiceSpec service, String label, Reached parent) {
    Optional<GivenPort> port = instance.port(label);
    if (port.isPresent() && port.get().to() > 0 && port.get().to() != parent.port()) {
      warnings.add(
          service
              .origin()
              .problem(
                  "port",
                  "\"%s\" is mapped to %d, so local_service_port is taken to be %d"
                      .formatted(label, port.get().to(), port.get().to())));
      return port.get().to();
    }
    return parent.port();
  }

  private Upstream upstream(ConnectSpec.Upstream spec) {
    Origin at = spec.origin();
    String address = filled(at, "local_bind_address", spec.localBindAddress());
    boolean socket = !spec.localBindSocketPath().isEmpty();
    return new Upstream(
        filled(at, "destination_name", spec.destinationName()),
        spec.destinationNamespace(),
        spec.destinationPartition(),
        spec.destinationPeer(),
        spec.destinationType().isEmpty() ? "service" : spec.destinationType(),
        filled(at, "datacenter", spec.datacenter()),
        address.isEmpty() && !socket ? LOOPBACK : address,
        spec.localBindPort(),
        spec.localBindSocketPath(),
        spec.localBindSocketMode(),
        spec.meshGatewayMode(),
        opaque(at, spec.config()));
  }

  /** Consul 1.8.7 breaks off every read of a service in whose proxy configuration a null is. */
  private SortedMap<String, Value> opaque(Origin at, Map<String, Value> config) {
    if (config.values().stream().anyMatch(Value::holdsNull)) {
      warnings.add(at.problem("config", "null is not sent, as if it had not been written"));
    }
    return Registration.sorted(Value.withoutNulls(config));
  }

  private Optional<Reached> reached(Origin origin, String mode, String label) {
    Optional<Reached> reached = Addresses.of(instance, mode, label);
    if (reached.isEmpty()) {
      unreached(origin, mode, label);
    }
    return reached;
  }

  private void unreached(Origin origin, String mode, String label) {
    if (mode.equals("alloc") && instance.groupAddress().isEmpty()) {
      blame(
          origin.problem(
              "address_mode", "\"alloc\" needs a group with an address of its own, this has none"));
    } else {
      blame(origin.problem("port", "no port is labelled \"%s\"".formatted(label)));
    }
  }

  private void blame(Problem problem) {
    blame.accept(instance.source(), problem);
  }

  private String filled(Origin origin, String key, String text) {
    for (String unknown : values.unknownIn(text)) {
      warnings.add(origin.problem(key, unknown + " is not known here and stays as written"));
    }
    return values.apply(text);
  }

  private List<String> filled(Origin origin, String key, List<String> texts) {
    return texts.stream().map(text -> filled(origin, key, text)).toList();
  }

  private SortedMap<String, String> filledMap(Origin origin, Map<String, String> map) {
    SortedMap<String, String> filled = new TreeMap<>();
    map.forEach(
        (key, value) -> filled.put(filled(origin, "meta", key), filled(origin, "meta", value)));
    return filled;
  }
}
