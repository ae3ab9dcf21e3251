package dev.connectbridge.supervise;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentApi.Health;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.CatalogApi;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.supervise.Readiness.Denied;
import dev.connectbridge.supervise.Readiness.Ready;
import dev.connectbridge.supervise.Readiness.Waiting;
import java.util.List;
import java.util.Optional;

/** What Consul says of a group's readiness. Every call takes its time. */
record ReadinessReads(AgentApi agent, Optional<CatalogApi> catalog) {

  /**
   * Returns whether what stands before a group's services is healthy. Checks that say no more than
   * what the service itself does are left out: the application that waits for us cannot pass yet.
   */
  Readiness ofProxies(List<Workload> workloads) {
    try {
      for (Workload workload : workloads) {
        Optional<String> complaint = complaint(workload.registration());
        if (complaint.isPresent()) {
          return new Waiting(workload.registration().name() + ": " + complaint.get());
        }
      }
      return new Ready();
    } catch (AgentException e) {
      return new Waiting(e.getMessage());
    }
  }

  private Optional<String> complaint(Registration registration) throws AgentException {
    boolean gateway = !registration.role().kind().isEmpty();
    if (registration.sidecar().isEmpty() && !gateway) {
      return Optional.empty();
    }
    Health health =
        agent.health(
            registration.sidecar().isPresent()
                ? registration.id().sidecar()
                : registration.id().value());
    return switch (health.status()) {
      case PASSING -> Optional.empty();
      case UNKNOWN -> Optional.of("the agent does not know its proxy yet");
      case WARNING, CRITICAL ->
          health.complaints().stream().filter(said -> !isAlias(registration, said)).findFirst();
    };
  }

  private static boolean isAlias(Registration registration, String complaint) {
    return registration.sidecar().stream()
        .flatMap(sidecar -> sidecar.checks().stream())
        .filter(check -> check.probe().map(Probe::kind).equals(Optional.of(Probe.Kind.ALIAS)))
        .map(Check::name)
        .anyMatch(name -> complaint.startsWith(name + " is "));
  }

  /** Returns whether a group's upstreams can be reached: let through, and somebody there. */
  Readiness ofUpstreams(List<Workload> workloads) {
    try {
      Readiness far = new Ready();
      for (Workload workload : workloads) {
        Registration registration = workload.registration();
        for (Upstream upstream :
            registration.sidecar().map(one -> one.proxy().upstreams()).orElse(List.of())) {
          Readiness one = ofUpstream(registration.name(), upstream);
          if (one instanceof Denied) {
            return one;
          }
          far = far.isReady() ? one : far;
        }
      }
      return far;
    } catch (AgentException e) {
      return new Waiting(e.getMessage());
    }
  }

  /** A prepared query has no intentions, and nothing that could be counted, by its own name. */
  private Readiness ofUpstream(String source, Upstream upstream) throws AgentException {
    CatalogApi servers = catalog.orElseThrow();
    String destination = upstream.destinationName();
    if (!upstream.destinationType().equals("service")) {
      return new Ready();
    }
    if (!servers.allows(source, destination)) {
      return new Denied(source, destination);
    }
    return servers.connectable(destination, upstream.datacenter()) > 0
        ? new Ready()
        : new Waiting("upstream " + destination + ": no healthy instance can be connected to");
  }
}
