package dev.connectbridge.admit;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.GatewaySpec;
import dev.connectbridge.spec.ServiceSpec;
import java.util.Optional;

/** What a service's place in the mesh makes of its task, port label and Kind (Nomad 1.1.2). */
public enum ConnectKind {
  /** A proxy stands before the service. */
  PROXY("connect-proxy", ""),
  /** The application itself speaks the mesh's protocol. */
  NATIVE("connect-native", ""),
  /** The service lets others into the mesh. */
  INGRESS("connect-ingress", "ingress-gateway"),
  /** The service leads out of the mesh. */
  TERMINATING("connect-terminating", "terminating-gateway"),
  /** The service connects datacenters. */
  MESH("connect-mesh", "mesh-gateway");

  private final String prefix;
  private final String consulKind;

  ConnectKind(String prefix, String consulKind) {
    this.prefix = prefix;
    this.consulKind = consulKind;
  }

  /** Returns what a service is in the mesh; empty for a plain one, and for one in disorder. */
  public static Optional<ConnectKind> of(ServiceSpec service) {
    return service.connect().flatMap(ConnectKind::of);
  }

  private static Optional<ConnectKind> of(ConnectSpec connect) {
    if (connect.sidecar().isPresent()) {
      return Optional.of(PROXY);
    }
    if (connect.isNative()) {
      return Optional.of(NATIVE);
    }
    return connect.gateway().flatMap(ConnectKind::of);
  }

  private static Optional<ConnectKind> of(GatewaySpec gateway) {
    if (gateway.ingress().isPresent()) {
      return Optional.of(INGRESS);
    }
    if (gateway.terminating().isPresent()) {
      return Optional.of(TERMINATING);
    }
    return gateway.mesh() ? Optional.of(MESH) : Optional.empty();
  }

  /** Returns whether a task of its own runs a proxy for it. */
  public boolean hasProxyTask() {
    return this != NATIVE;
  }

  /** Returns whether the proxy is the service itself. */
  public boolean isGateway() {
    return !consulKind.isEmpty();
  }

  /** Returns the Kind that Consul is told; empty for a typical service. */
  public String consulKind() {
    return consulKind;
  }

  /** Returns the name of the task that runs the proxy, and of the port that it listens on. */
  public String name(String service) {
    return prefix + "-" + service;
  }

  /** Returns the kind of that task. */
  public String taskKind(String service) {
    return prefix + ":" + service;
  }

  /** Returns whether a task kind is that of a task that runs a proxy. */
  static boolean isProxyTask(String kind) {
    for (ConnectKind each : values()) {
      if (each.hasProxyTask() && kind.startsWith(each.prefix + ":")) {
        return true;
      }
    }
    return false;
  }
}
