package dev.connectbridge.resolve;

import dev.connectbridge.resolve.Addresses.Reached;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The health checks of a service, with the addresses they probe. */
final class CheckProbes {
  /** How much longer than its interval Nomad 1.1.2 lets the report of a script check take. */
  private static final Duration REPORT_SLACK = Duration.ofSeconds(31);

  private final Instance instance;
  private final Filling filling;
  private final Unreached unreached;

  /** Reports that a label leads nowhere. */
  @FunctionalInterface
  interface Unreached {
    void report(Origin origin, String mode, String label);
  }

  CheckProbes(Instance instance, Filling filling, Unreached unreached) {
    this.instance = instance;
    this.filling = filling;
    this.unreached = unreached;
  }

  /** Returns the checks; the ID of one rests on its name and type, so that it keeps its status. */
  List<Check> of(ServiceId id, ServiceSpec service, String serviceLabel) {
    List<String> ids = ids(id, service, filling);
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      ServiceSpec.Check spec = service.checks().get(i);
      String checkId = ids.get(i);
      String name = name(service, spec, filling);
      probe(service, spec, serviceLabel)
          .ifPresent(probe -> checks.add(new Check(checkId, name, Optional.of(probe))));
    }
    return checks;
  }

  /** Returns the IDs of a service's checks, in the order of their specs. */
  static List<String> ids(ServiceId id, ServiceSpec service, Filling filling) {
    Map<String, Integer> twins = new HashMap<>();
    List<String> ids = new ArrayList<>();
    for (ServiceSpec.Check spec : service.checks()) {
      String named = spec.type() + "\n" + name(service, spec, filling);
      int twin = twins.merge(named, 1, Integer::sum);
      ids.add(id.check(Uuids.sha256(named + "\n" + twin).substring(0, 8)));
    }
    return ids;
  }

  private static String name(ServiceSpec service, ServiceSpec.Check check, Filling filling) {
    return check.name().isEmpty()
        ? "service: \"%s\" check".formatted(service.name())
        : filling.text(check.origin(), "name", check.name());
  }

  private Optional<Probe> probe(ServiceSpec service, ServiceSpec.Check spec, String serviceLabel) {
    if (spec.type().equals("script")) {
      return Optional.of(
          Probe.ttl(spec.interval().plus(REPORT_SLACK), spec.timeout(), spec.initialStatus()));
    }
    String label =
        spec.portLabel().isEmpty()
            ? serviceLabel
            : filling.text(spec.origin(), "port", spec.portLabel());
    String mode = spec.addressMode().isEmpty() ? "host" : spec.addressMode();
    Optional<Reached> reached = Addresses.of(instance, mode, label);
    if (reached.isEmpty()) {
      unreached.report(spec.origin(), mode, label);
    }
    return reached.map(at -> probe(spec, at(service, spec, at)));
  }

  /** A check that does not say where asks at the service's own address, if it has one. */
  private Reached at(ServiceSpec service, ServiceSpec.Check spec, Reached reached) {
    boolean own = spec.addressMode().isEmpty() && !service.address().isEmpty();
    return own
        ? new Reached(filling.text(service.origin(), "address", service.address()), reached.port())
        : reached;
  }

  private Probe probe(ServiceSpec.Check spec, Reached at) {
    Probe.Kind kind = Probe.Kind.valueOf(spec.type().toUpperCase(java.util.Locale.ROOT));
    boolean http = kind == Probe.Kind.HTTP;
    SortedMap<String, List<String>> header = new TreeMap<>();
    if (http) {
      spec.header()
          .forEach(
              (key, texts) ->
                  header.put(
                      filling.quietly(key),
                      texts.stream()
                          .map(text -> filling.text(spec.origin(), "header", text))
                          .toList()));
    }
    return new Probe(
        kind,
        target(kind, spec, at),
        spec.interval(),
        spec.timeout(),
        spec.initialStatus(),
        http ? filling.text(spec.origin(), "method", spec.method()) : "",
        header,
        http ? spec.body() : "",
        spec.tlsSkipVerify() && kind != Probe.Kind.TCP,
        kind == Probe.Kind.TCP ? "" : spec.tlsServerName(),
        spec.grpcUseTls() && kind == Probe.Kind.GRPC,
        spec.successBeforePassing(),
        spec.failuresBeforeCritical(),
        spec.failuresBeforeWarning());
  }

  private String target(Probe.Kind kind, ServiceSpec.Check spec, Reached at) {
    String hostPort = Addresses.hostPort(at.address(), at.port());
    return switch (kind) {
      case TCP, ALIAS, TTL -> hostPort;
      case GRPC -> hostPort + "/" + filling.text(spec.origin(), "grpc_service", spec.grpcService());
      case HTTP -> url(spec, hostPort);
    };
  }

  private String url(ServiceSpec.Check spec, String hostPort) {
    String scheme = filling.text(spec.origin(), "protocol", spec.protocol());
    String path = filling.text(spec.origin(), "path", spec.path());
    return (scheme.isEmpty() ? "http" : scheme)
        + "://"
        + hostPort
        + (path.startsWith("/") ? "" : "/")
        + path;
  }
}
