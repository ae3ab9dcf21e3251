package dev.connectbridge.resolve;

import dev.connectbridge.resolve.Instance.GivenPort;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which address and port a service or check gets: the rules of Nomad 1.1.2. */
final class Addresses {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

  private Addresses() {}

  /**
   * Where something is reached.
   *
   * @param address the address; empty leaves it to Consul
   * @param port the port; 0 for none
   */
  record Reached(String address, int port) {}

  /**
   * Returns where a port label leads; empty when there is no such port, or the group has no address
   * of its own and {@code alloc} asks for it.
   *
   * @param mode {@code auto}, {@code host}, {@code alloc} or {@code alloc_ipv6}
   */
  static Optional<Reached> of(Instance instance, String mode, String label) {
    boolean inside = mode.startsWith("alloc");
    if (inside && !isInside(instance, mode)) {
      return Optional.empty();
    }
    if (label.isEmpty()) {
      return Optional.of(new Reached(inside ? instance.groupAddress() : instance.hostAddress(), 0));
    }
    Optional<GivenPort> port = instance.port(label);
    if (port.isPresent()) {
      return port.map(
          given ->
              inside
                  ? new Reached(instance.groupAddress(), given.inside())
                  : new Reached(given.hostIp(), given.value()));
    }
    if (NUMBER.matcher(label).matches()) {
      return Optional.of(
          new Reached(inside ? instance.groupAddress() : "", Integer.parseInt(label)));
    }
    return Optional.empty();
  }

  /** Returns the port that a label says as a number; empty for a name, and for none at all. */
  static Optional<Integer> number(String label) {
    return Optional.of(label)
        .filter(text -> NUMBER.matcher(text).matches())
        .map(Integer::valueOf)
        .filter(port -> port > 0);
  }

  /** Returns whether the group has the address of its own that a mode asks for. */
  static boolean isInside(Instance instance, String mode) {
    String address = instance.groupAddress();
    return mode.equals("alloc_ipv6") ? address.contains(":") : !address.isEmpty();
  }

  /** Returns {@code host:port}, an IPv6 host in brackets. */
  static String hostPort(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
