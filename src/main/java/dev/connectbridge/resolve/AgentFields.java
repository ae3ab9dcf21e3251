package dev.connectbridge.resolve;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.ConnectSpec.Proxy;
import dev.connectbridge.spec.ConnectSpec.Sidecar;
import dev.connectbridge.spec.ConnectSpec.TransparentProxy;
import dev.connectbridge.spec.ConnectSpec.Upstream;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.ServiceSpec.Check;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Leaves out of a service what one agent does not know, before the registration is made: so body,
 * hash and comparison are those of a service that never said it.
 */
final class AgentFields {
  private final ConsulVersion agent;
  private final Consumer<Problem> blame;
  private final List<Problem> warnings;

  /**
   * @param agent the agent's release
   * @param blame is told what cannot be left out
   * @param warnings take what was
   */
  AgentFields(ConsulVersion agent, Consumer<Problem> blame, List<Problem> warnings) {
    this.agent = agent;
    this.blame = blame;
    this.warnings = warnings;
  }

  ServiceSpec fitted(ServiceSpec service) {
    List<Check> checks = service.checks().stream().map(this::fitted).toList();
    return service.with(
        service.name(), service.portLabel(), checks, service.connect().map(this::fitted));
  }

  private ConnectSpec fitted(ConnectSpec connect) {
    ConnectSpec fitted = connect;
    if (connect.sidecar().isPresent()) {
      fitted = fitted.withSidecar(fitted(connect.sidecar().get()));
    }
    if (connect.gateway().isPresent()) {
      GatewayFields gateway = new GatewayFields(agent, warnings);
      fitted = fitted.withGateway(gateway.fitted(connect.gateway().get()));
    }
    return fitted;
  }

  private Check fitted(Check check) {
    boolean serverName =
        isKept(AgentField.TLS_SERVER_NAME, check.origin(), !check.tlsServerName().isEmpty(), "");
    boolean warning =
        isKept(
            AgentField.FAILURES_BEFORE_WARNING,
            check.origin(),
            check.failuresBeforeWarning() != 0,
            "");
    return check.withNewer(
        serverName ? check.tlsServerName() : "", warning ? check.failuresBeforeWarning() : 0);
  }

  private Sidecar fitted(Sidecar sidecar) {
    Proxy proxy = sidecar.proxy();
    Optional<TransparentProxy> transparent = proxy.transparent();
    if (transparent.isPresent() && !AgentField.MODE.isKnownTo(agent)) {
      warnings.add(
          transparent
              .get()
              .origin()
              .problem(unknown(AgentField.MODE) + ": left out, so the proxy is not transparent"));
      transparent = Optional.empty();
    }
    return sidecar.withProxy(
        new Proxy(
            proxy.localServiceAddress(),
            proxy.localServicePort(),
            proxy.config(),
            proxy.expose(),
            transparent,
            proxy.upstreams().stream().map(this::fitted).toList(),
            proxy.origin()));
  }

  private Upstream fitted(Upstream upstream) {
    Origin at = upstream.origin();
    boolean socket = !upstream.localBindSocketPath().isEmpty();
    if (socket && !AgentField.LOCAL_BIND_SOCKET_PATH.isKnownTo(agent)) {
      blame.accept(
          at.problem(
              AgentField.LOCAL_BIND_SOCKET_PATH.key(),
              unknown(AgentField.LOCAL_BIND_SOCKET_PATH)
                  + ", and without it the upstream listens nowhere; give it a local_bind_port"));
      return upstream;
    }
    String partition = upstream.destinationPartition();
    String peer = upstream.destinationPeer();
    String mode = upstream.localBindSocketMode();
    String here =
        ", so the upstream does not lead there but to the service \""
            + upstream.destinationName()
            + "\" of this %s, another one, or to nothing where there is none";
    return upstream.withNewer(
        isKept(
                AgentField.DESTINATION_PARTITION,
                at,
                !partition.isEmpty(),
                here.formatted("partition"))
            ? partition
            : "",
        isKept(AgentField.DESTINATION_PEER, at, !peer.isEmpty(), here.formatted("cluster"))
            ? peer
            : "",
        isKept(AgentField.LOCAL_BIND_SOCKET_MODE, at, !mode.isEmpty(), "") ? mode : "");
  }

  /** Returns whether a field stays; one that is said and goes leaves a warning. */
  private boolean isKept(AgentField field, Origin at, boolean said, String consequence) {
    if (field.isKnownTo(agent)) {
      return true;
    }
    if (said) {
      warnings.add(at.problem(field.key(), unknown(field) + ": left out" + consequence));
    }
    return false;
  }

  private String unknown(AgentField field) {
    return field.unknownTo(agent);
  }
}
