package dev.connectbridge.admit;

import dev.connectbridge.spec.ConnectSpec.Proxy;
import dev.connectbridge.spec.ConnectSpec.Upstream;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The rules for upstreams. Consul 1.8.7 checks none of them in a nested sidecar: it answers 200 and
 * the agent's whole sync then stalls, so they are checked here.
 */
final class UpstreamRules {
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  private final GroupSpec group;
  private final List<Problem> problems;
  private final List<Problem> warnings;
  private final Map<String, Upstream> sockets = new HashMap<>();
  private final Map<Integer, Map<String, Upstream>> ports = new HashMap<>();

  UpstreamRules(GroupSpec group, List<Problem> problems, List<Problem> warnings) {
    this.group = group;
    this.problems = problems;
    this.warnings = warnings;
  }

  void check() {
    for (ServiceSpec service : group.services()) {
      service.sidecar().ifPresent(sidecar -> sidecar.proxy().upstreams().forEach(this::check));
    }
    for (ServiceSpec service : group.services()) {
      service.sidecar().ifPresent(sidecar -> checkApplication(service, sidecar.proxy()));
    }
  }

  /** A proxy that dials its application where a proxy of the group listens dials a proxy. */
  private void checkApplication(ServiceSpec service, Proxy proxy) {
    String label = service.portLabel();
    int port =
        proxy
            .localServicePort()
            .orElse(PORT.matcher(label).matches() ? Integer.parseInt(label) : 0);
    String at = proxy.localServiceAddress();
    String address = at.isEmpty() ? "127.0.0.1" : Ip.canonical(at).orElse(at);
    ports
        .getOrDefault(port, Map.of())
        .forEach(
            (taken, upstream) -> {
              if (taken.equals(address) || Ip.isAny(taken)) {
                say(
                    upstream,
                    "local_bind_port",
                    "the application of service \"%s\" is dialled at %s:%d, and this upstream listens there"
                        .formatted(service.name(), address, port));
              }
            });
  }

  private void check(Upstream upstream) {
    if (upstream.destinationName().isEmpty()) {
      say(upstream, "destination_name", "an upstream needs a destination_name");
    }
    if (upstream.destinationName().equals("*")) {
      say(upstream, "destination_name", "an upstream reaches one service, \"*\" is none");
    }
    checkPlace(upstream);
    String mode = upstream.localBindSocketMode();
    if (!mode.isEmpty() && !mode.contains("${") && !mode.matches("[0-7]{1,6}")) {
      say(
          upstream,
          "local_bind_socket_mode",
          "\"%s\" is no mode of a file; write octal digits, such as \"0600\"".formatted(mode));
    }
    checkListener(upstream);
  }

  /** A peer has neither a datacenter nor a partition; other datacenters have one partition. */
  private void checkPlace(Upstream upstream) {
    String partition = upstream.destinationPartition();
    boolean elsewhere = !upstream.datacenter().isEmpty();
    boolean peer = !upstream.destinationPeer().isEmpty();
    if (peer && elsewhere) {
      say(upstream, "destination_peer", "a peer has no datacenter of ours: say one of the two");
    }
    if (peer && !partition.isEmpty()) {
      say(upstream, "destination_partition", "a peer has no partition of ours: say one of the two");
    }
    if (elsewhere && !partition.isEmpty() && !partition.equals("default")) {
      say(
          upstream,
          "destination_partition",
          "of another datacenter only the partition \"default\" is reached, not \"%s\""
              .formatted(partition));
    }
  }

  private void checkListener(Upstream upstream) {
    boolean socket = !upstream.localBindSocketPath().isEmpty();
    int port = upstream.localBindPort();
    if (socket && port != 0) {
      say(upstream, "local_bind_socket_path", "an upstream listens on a port or on a socket");
    } else if (socket) {
      Upstream first = sockets.putIfAbsent(upstream.localBindSocketPath(), upstream);
      if (first != null) {
        clash(upstream, first, "local_bind_socket_path", upstream.localBindSocketPath());
      }
    } else if (port == 0) {
      say(upstream, "local_bind_port", "an upstream needs a local_bind_port between 1 and 65535");
    } else if (port < 1 || port > 65535) {
      say(upstream, "local_bind_port", "a port is between 1 and 65535, not " + port);
    } else {
      checkPort(upstream, port);
    }
  }

  private void checkPort(Upstream upstream, int port) {
    String address = bindAddress(upstream);
    if (!address.contains("${") && Ip.canonical(address).isEmpty()) {
      warnings.add(
          upstream
              .origin()
              .problem(
                  "local_bind_address",
                  "\"%s\" is no IP address, and Envoy listens at nothing else".formatted(address)));
    }
    Map<String, Upstream> others = ports.computeIfAbsent(port, any -> new HashMap<>());
    others.forEach(
        (taken, first) -> {
          if (taken.equals(address) || Ip.isAny(taken) || Ip.isAny(address)) {
            clash(upstream, first, "local_bind_port", written(upstream) + ":" + port);
          }
        });
    others.putIfAbsent(address, upstream);
  }

  private static String bindAddress(Upstream upstream) {
    String address = upstream.localBindAddress();
    return address.isEmpty() || address.equals("localhost")
        ? "127.0.0.1"
        : Ip.canonical(address).orElse(address);
  }

  private static String written(Upstream upstream) {
    String address = upstream.localBindAddress();
    return address.isEmpty() ? "127.0.0.1" : address.contains(":") ? "[" + address + "]" : address;
  }

  private void clash(Upstream upstream, Upstream first, String key, String listener) {
    say(
        upstream,
        key,
        "%s is already the listener of the upstream \"%s\" on line %d"
            .formatted(listener, first.destinationName(), first.origin().place().line()));
  }

  private void say(Upstream upstream, String key, String message) {
    problems.add(upstream.origin().problem(key, message));
  }
}
