package dev.connectbridge.admit;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.ConnectSpec.ExposedPath;
import dev.connectbridge.spec.ConnectSpec.TransparentProxy;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules for a service's place in the mesh. */
final class ConnectRules {
  private static final int LARGEST = 65535;
  private static final Pattern NETWORK =
      Pattern.compile("((?:[0-9]+\\.){3}[0-9]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)/([0-9]{1,3})");

  private final GroupSpec group;
  private final ServiceSpec service;
  private final ConnectSpec connect;
  private final List<Problem> problems;

  ConnectRules(GroupSpec group, ServiceSpec service, ConnectSpec connect, List<Problem> problems) {
    this.group = group;
    this.service = service;
    this.connect = connect;
    this.problems = problems;
  }

  void check() {
    long modes =
        Stream.of(connect.isNative(), connect.sidecar().isPresent(), connect.gateway().isPresent())
            .filter(Boolean::booleanValue)
            .count();
    if (modes != 1) {
      problems.add(
          connect
              .origin()
              .problem(
                  modes == 0
                      ? "connect needs a sidecar_service block, a gateway block or native = true;"
                          + " without one the service is not in the mesh"
                      : "a service is native, has a sidecar_service or is a gateway: one of the"
                          + " three"));
      return;
    }
    if (connect.isNative()) {
      checkNative();
    }
    connect
        .gateway()
        .ifPresent(gateway -> new GatewayRules(group, service, gateway, problems).check());
    connect
        .sidecar()
        .ifPresent(
            sidecar -> {
              int local = sidecar.proxy().localServicePort().orElse(1);
              if (local < 1 || local > LARGEST) {
                say(
                    sidecar.proxy().origin(),
                    "local_service_port",
                    "a port is between 1 and 65535, not " + local);
              }
              checkPaths(sidecar.proxy().expose());
              sidecar.proxy().transparent().ifPresent(this::checkTransparent);
            });
  }

  private void say(Origin at, String key, String message) {
    problems.add(at.problem(key, message));
  }

  private void checkNative() {
    if (service.portLabel().isEmpty()) {
      say(service.origin(), "port", "a native service needs a port");
    }
    List<String> tasks =
        group.tasks().stream()
            .filter(task -> !ConnectKind.isProxyTask(task.kind()))
            .map(TaskSpec::name)
            .toList();
    if (service.task().isEmpty() && tasks.size() != 1) {
      say(
          service.origin(),
          "task",
          "which of the group's tasks is the native service? It has " + String.join(", ", tasks));
    }
  }

  private void checkPaths(List<ExposedPath> paths) {
    Set<String> listeners = new HashSet<>();
    for (ExposedPath path : paths) {
      if (path.path().isEmpty()) {
        say(path.origin(), "path", "an exposed path needs a path");
      }
      if (path.listenerPort().isEmpty()) {
        say(path.origin(), "listener_port", "an exposed path needs the label of a port");
      } else if (!listeners.add(path.listenerPort())) {
        say(
            path.origin(),
            "listener_port",
            "\"%s\" is the listener of another exposed path".formatted(path.listenerPort()));
      }
      if (path.localPathPort() < 0 || path.localPathPort() > LARGEST) {
        say(path.origin(), "local_path_port", "a port is between 1 and 65535");
      }
    }
  }

  private void checkTransparent(TransparentProxy proxy) {
    Origin at = proxy.origin();
    if (!proxy.uid().isEmpty() && !isSmall(proxy.uid())) {
      say(at, "uid", "a user ID is a number from 0 to 65535");
    }
    if (proxy.outboundPort() < 0 || proxy.outboundPort() > LARGEST) {
      say(at, "outbound_port", "a port is between 1 and 65535");
    }
    for (String port : proxy.excludeInboundPorts()) {
      if (!isSmall(port) && !isFixed(port)) {
        say(
            at,
            "exclude_inbound_ports",
            "\"%s\" is neither a port nor the label of a static port".formatted(port));
      }
    }
    checkSmall(at, "exclude_outbound_ports", proxy.excludeOutboundPorts());
    checkSmall(at, "exclude_uids", proxy.excludeUids());
    for (String cidr : proxy.excludeOutboundCidrs()) {
      if (!isNetwork(cidr)) {
        say(at, "exclude_outbound_cidrs", "\"%s\" is no network, as 10.0.0.0/8 is".formatted(cidr));
      }
    }
    if (!proxy.noDns()) {
      group.networks().stream()
          .filter(network -> network.dns().isPresent())
          .forEach(
              network ->
                  say(
                      network.origin(),
                      "dns",
                      "the names of a group with a transparent proxy are resolved by Consul, unless"
                          + " that has no_dns = true"));
    }
    if (group.services().stream().filter(each -> each.connect().isPresent()).count() > 1) {
      problems.add(
          at.problem("a group with a transparent proxy has one service in the mesh, no more"));
    }
  }

  private void checkSmall(Origin at, String key, List<String> numbers) {
    for (String number : numbers) {
      if (!isSmall(number)) {
        say(at, key, "\"%s\" is no number from 0 to 65535".formatted(number));
      }
    }
  }

  private static boolean isNetwork(String cidr) {
    Matcher parts = NETWORK.matcher(cidr);
    if (!parts.matches()) {
      return false;
    }
    boolean six = parts.group(1).contains(":");
    return Integer.parseInt(parts.group(2)) <= (six ? 128 : 32)
        && (six || Stream.of(parts.group(1).split("\\.", -1)).allMatch(ConnectRules::isOctet));
  }

  private static boolean isOctet(String part) {
    return part.matches("[0-9]{1,3}") && Integer.parseInt(part) <= 255;
  }

  private static boolean isSmall(String number) {
    return number.matches("[0-9]{1,5}") && Integer.parseInt(number) <= LARGEST;
  }

  private boolean isFixed(String label) {
    return group.networks().stream()
        .flatMap(network -> network.ports().stream())
        .anyMatch(port -> port.label().equals(label) && port.fixed().isPresent());
  }
}
