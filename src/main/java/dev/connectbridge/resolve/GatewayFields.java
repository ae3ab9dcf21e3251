package dev.connectbridge.resolve;

import dev.connectbridge.spec.GatewaySpec;
import dev.connectbridge.spec.GatewaySpec.Ingress;
import dev.connectbridge.spec.GatewaySpec.IngressService;
import dev.connectbridge.spec.GatewaySpec.Listener;
import dev.connectbridge.spec.GatewaySpec.Sds;
import dev.connectbridge.spec.GatewaySpec.Tls;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Leaves out of an ingress gateway's configuration entry what one Consul does not know. */
final class GatewayFields {
  private final ConsulVersion agent;
  private final List<Problem> warnings;

  GatewayFields(ConsulVersion agent, List<Problem> warnings) {
    this.agent = agent;
    this.warnings = warnings;
  }

  GatewaySpec fitted(GatewaySpec gateway) {
    return gateway
        .ingress()
        .map(
            ingress ->
                gateway.withIngress(
                    new Ingress(
                        ingress.tls().map(this::fitted),
                        ingress.listeners().stream().map(this::fitted).toList(),
                        ingress.origin())))
        .orElse(gateway);
  }

  private Tls fitted(Tls tls) {
    boolean said =
        !(tls.tlsMinVersion() + tls.tlsMaxVersion()).isEmpty() || !tls.cipherSuites().isEmpty();
    boolean kept =
        isKept(
            AgentField.TLS_VERSIONS,
            tls.origin(),
            said,
            "the gateway takes the versions and ciphers that its proxy takes by itself");
    return new Tls(
        tls.enabled(),
        kept ? tls.tlsMinVersion() : "",
        kept ? tls.tlsMaxVersion() : "",
        kept ? tls.cipherSuites() : List.of(),
        fitted(tls.sds()),
        tls.origin());
  }

  private Optional<Sds> fitted(Optional<Sds> sds) {
    return sds.filter(
        own ->
            isKept(
                AgentField.SDS,
                own.origin(),
                true,
                "the gateway shows the certificate that Consul makes, or none"));
  }

  private Listener fitted(Listener listener) {
    return new Listener(
        listener.port(),
        listener.protocol(),
        listener.services().stream().map(this::fitted).toList(),
        listener.origin());
  }

  private IngressService fitted(IngressService service) {
    Origin at = service.origin();
    boolean headers = service.requestHeaders().isPresent() || service.responseHeaders().isPresent();
    boolean limits =
        service.maxConnections().isPresent()
            || service.maxPendingRequests().isPresent()
            || service.maxConcurrentRequests().isPresent();
    boolean headersKept =
        isKept(AgentField.HEADERS, at, headers, "headers pass through as they come");
    boolean limitsKept = isKept(AgentField.LIMITS, at, limits, "nothing is limited");
    return new IngressService(
        service.name(),
        service.hosts(),
        service
            .tls()
            .map(tls -> new Tls(false, "", "", List.of(), fitted(tls.sds()), tls.origin())),
        headersKept ? service.requestHeaders() : Optional.empty(),
        headersKept ? service.responseHeaders() : Optional.empty(),
        limitsKept ? service.maxConnections() : OptionalInt.empty(),
        limitsKept ? service.maxPendingRequests() : OptionalInt.empty(),
        limitsKept ? service.maxConcurrentRequests() : OptionalInt.empty(),
        at);
  }

  /** Returns whether a field stays; one that is said and goes leaves a warning. */
  private boolean isKept(AgentField field, Origin at, boolean said, String consequence) {
    boolean known = field.isKnownTo(agent);
    if (said && !known) {
      warnings.add(at.problem(field.unknownTo(agent) + ": left out, so " + consequence));
    }
    return known;
  }
}
