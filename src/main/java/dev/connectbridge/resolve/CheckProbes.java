package dev.connectbridge.resolve;

import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.resolve.Addresses.Reached;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.ServiceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The health checks of a service, with the addresses they probe. */
final class CheckProbes {
  private final Instance instance;
  private final Interpolation values;
  private final Filling filling;
  private final Unreached unreached;

  /** Fills a text in and warns of what it does not know. */
  @FunctionalInterface
  interface Filling {
    String apply(Origin origin, String key, String text);
  }

  /** Reports that a label leads nowhere. */
  @FunctionalInterface
  interface Unreached {
    void report(Origin origin, String mode, String label);
  }

  CheckProbes(Instance instance, Interpolation values, Filling filling, Unreached unreached) {
    this.instance = instance;
    this.values = values;
    this.filling = filling;
    this.unreached = unreached;
  }

  /** Returns the checks; the ID of one rests on its name and type, so that it keeps its status. */
  List<Check> of(ServiceId id, ServiceSpec service, String serviceLabel) {
    Map<String, Integer> twins = new HashMap<>();
    List<Check> checks = new ArrayList<>();
    for (ServiceSpec.Check spec : service.checks()) {
      String name = name(service, spec);
      int twin = twins.merge(spec.type() + "\n" + name, 1, Integer::sum);
      String checkId =
          id.check(Uuids.sha256(spec.type() + "\n" + name + "\n" + twin).substring(0, 8));
      probe(spec, serviceLabel)
          .ifPresent(probe -> checks.add(new Check(checkId, name, Optional.of(probe))));
    }
    return checks;
  }

  private String name(ServiceSpec service, ServiceSpec.Check check) {
    return check.name().isEmpty()
        ? "service: \"%s\" check".formatted(service.name())
        : filling.apply(check.origin(), "name", check.name());
  }

  private Optional<Probe> probe(ServiceSpec.Check spec, String serviceLabel) {
    String label =
        spec.portLabel().isEmpty()
            ? serviceLabel
            : filling.apply(spec.origin(), "port", spec.portLabel());
    String mode = spec.addressMode().isEmpty() ? "host" : spec.addressMode();
    Optional<Reached> reached = Addresses.of(instance, mode, label);
    if (reached.isEmpty()) {
      unreached.report(spec.origin(), mode, label);
    }
    return reached.map(at -> probe(spec, at));
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
                      values.apply(key),
                      texts.stream()
                          .map(text -> filling.apply(spec.origin(), "header", text))
                          .toList()));
    }
    return new Probe(
        kind,
        target(kind, spec, at),
        spec.interval(),
        spec.timeout(),
        spec.initialStatus(),
        http ? filling.apply(spec.origin(), "method", spec.method()) : "",
        header,
        http ? spec.body() : "",
        spec.tlsSkipVerify() && kind != Probe.Kind.TCP,
        spec.grpcUseTls() && kind == Probe.Kind.GRPC,
        spec.successBeforePassing(),
        spec.failuresBeforeCritical());
  }

  private String target(Probe.Kind kind, ServiceSpec.Check spec, Reached at) {
    String hostPort = Addresses.hostPort(at.address(), at.port());
    return switch (kind) {
      case TCP, ALIAS -> hostPort;
      case GRPC ->
          hostPort + "/" + filling.apply(spec.origin(), "grpc_service", spec.grpcService());
      case HTTP -> url(spec, hostPort);
    };
  }

  private String url(ServiceSpec.Check spec, String hostPort) {
    String scheme = filling.apply(spec.origin(), "protocol", spec.protocol());
    String path = filling.apply(spec.origin(), "path", spec.path());
    return (scheme.isEmpty() ? "http" : scheme)
        + "://"
        + hostPort
        + (path.startsWith("/") ? "" : "/")
        + path;
  }
}
