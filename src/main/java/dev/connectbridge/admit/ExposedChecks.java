package dev.connectbridge.admit;

import dev.connectbridge.spec.ConnectSpec.ExposedPath;
import dev.connectbridge.spec.ConnectSpec.Sidecar;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.ServiceSpec.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Lets the probes of checks with {@code expose} through the proxy (Nomad 1.1.2). */
final class ExposedChecks {
  private final List<Network> networks;
  private final Consumer<String> addPort;

  ExposedChecks(List<Network> networks, Consumer<String> addPort) {
    this.networks = networks;
    this.addPort = addPort;
  }

  ServiceSpec expose(ServiceSpec service) {
    Sidecar sidecar = service.sidecar().orElseThrow();
    List<ExposedPath> paths = new ArrayList<>(sidecar.proxy().expose());
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < service.checks().size(); i++) {
      Check check = service.checks().get(i);
      checks.add(isExposed(check) ? exposed(service, check, i, paths) : check);
    }
    return service.with(
        service.name(),
        service.portLabel(),
        checks,
        service.connect().map(connect -> connect.withSidecar(sidecar.exposing(paths))));
  }

  /** A gRPC check without a path is not exposed, and nobody says so: that is Nomad's habit. */
  static boolean isExposed(Check check) {
    return check.expose()
        && (check.type().equals("http") || check.type().equals("grpc"))
        && check.path().startsWith("/");
  }

  private Check exposed(ServiceSpec service, Check check, int index, List<ExposedPath> paths) {
    Check sent = check;
    if (check.portLabel().isEmpty()) {
      String label =
          "svc_%s_ck_%s"
              .formatted(
                  service.name(),
                  Injection.sixHex(service.name() + "_" + index + check.name() + check.path()));
      addPort.accept(label);
      sent = check.withPort(label);
    }
    ExposedPath path =
        new ExposedPath(
            sent.path(), sent.protocol(), localPort(service), sent.portLabel(), sent.origin());
    if (paths.stream().noneMatch(other -> isSame(other, path))) {
      paths.add(path);
    }
    return sent;
  }

  private static boolean isSame(ExposedPath one, ExposedPath other) {
    return one.path().equals(other.path())
        && one.protocol().equals(other.protocol())
        && one.listenerPort().equals(other.listenerPort())
        && one.localPathPort() == other.localPathPort();
  }

  /** Returns the port of the application; 0 where only the instance knows it. */
  private int localPort(ServiceSpec service) {
    String label = service.portLabel();
    if (label.matches("[0-9]{1,5}")) {
      return Integer.parseInt(label);
    }
    return networks.stream()
        .limit(1)
        .flatMap(network -> network.ports().stream())
        .filter(port -> port.label().equals(label))
        .mapToInt(ExposedChecks::inside)
        .findFirst()
        .orElse(0);
  }

  private static int inside(Port port) {
    int to = port.to().orElse(0);
    return to > 0 ? to : port.fixed().orElse(0);
  }
}
