package dev.connectbridge.admit;

import dev.connectbridge.spec.GatewaySpec;
import dev.connectbridge.spec.GatewaySpec.BindAddress;
import dev.connectbridge.spec.GatewaySpec.Ingress;
import dev.connectbridge.spec.GatewaySpec.IngressService;
import dev.connectbridge.spec.GatewaySpec.LinkedService;
import dev.connectbridge.spec.GatewaySpec.Listener;
import dev.connectbridge.spec.GatewaySpec.Terminating;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** The rules for a gateway. */
final class GatewayRules {
  private final GroupSpec group;
  private final ServiceSpec service;
  private final GatewaySpec gateway;
  private final List<Problem> problems;

  GatewayRules(GroupSpec group, ServiceSpec service, GatewaySpec gateway, List<Problem> problems) {
    this.group = group;
    this.service = service;
    this.gateway = gateway;
    this.problems = problems;
  }

  void check() {
    long kinds =
        Stream.of(gateway.ingress().isPresent(), gateway.terminating().isPresent(), gateway.mesh())
            .filter(Boolean::booleanValue)
            .count();
    if (kinds != 1) {
      say(gateway.origin(), "a gateway has one of the blocks ingress, terminating and mesh");
    }
    checkNetwork();
    gateway.proxy().bindAddresses().values().forEach(this::checkBindAddress);
    gateway.ingress().ifPresent(this::checkIngress);
    gateway.terminating().ifPresent(this::checkTerminating);
    if (gateway.mesh() && service.portLabel().isEmpty()) {
      say(service.origin(), "port", "a mesh gateway needs a port");
    }
  }

  private void say(Origin at, String message) {
    problems.add(at.problem(message));
  }

  private void say(Origin at, String key, String message) {
    problems.add(at.problem(key, message));
  }

  private void checkNetwork() {
    if (group.networks().size() != 1) {
      say(
          group.origin(),
          "a group with a gateway has exactly one network block, this one has "
              + group.networks().size());
      return;
    }
    String mode = group.networks().get(0).mode();
    if (!mode.equals("bridge") && !mode.equals("host") && !mode.startsWith("cni/")) {
      say(
          group.networks().get(0).origin(),
          "mode",
          "a gateway needs mode = \"bridge\", \"host\" or \"cni/…\", not \"%s\"".formatted(mode));
    }
  }

  private void checkBindAddress(BindAddress bind) {
    if (bind.address().isEmpty()) {
      say(bind.origin(), "address", "where a gateway listens needs an address");
    }
    if ((bind.port() < 1 && bind.port() != -1) || bind.port() > 65535) {
      say(bind.origin(), "port", "a port is between 1 and 65535; -1 leaves it to be filled in");
    }
  }

  private void checkIngress(Ingress ingress) {
    if (ingress.listeners().isEmpty()) {
      say(ingress.origin(), "an ingress gateway needs a listener");
    }
    ingress.listeners().forEach(this::checkListener);
    Set<Integer> ports = new HashSet<>();
    ingress.listeners().stream()
        .filter(listener -> !ports.add(listener.port()))
        .forEach(listener -> say(listener.origin(), "port", "another listener has this port"));
  }

  /** Consul refuses the entry for any of these (1.8.7). */
  private void checkHosts(Listener listener) {
    Set<String> hosts = new HashSet<>();
    for (IngressService service : listener.services()) {
      for (String host : service.hosts()) {
        if (!hosts.add(host)) {
          say(service.origin(), "hosts", "\"%s\" stands twice in this listener".formatted(host));
        }
        if (host.lastIndexOf('*') > 0 || (host.startsWith("*") && !host.matches("\\*(\\..*)?"))) {
          say(
              service.origin(),
              "hosts",
              "\"%s\" is no host: a * is the first part of a name, or all of it".formatted(host));
        }
      }
      checkLimit(service, "max_connections", service.maxConnections());
      checkLimit(service, "max_pending_requests", service.maxPendingRequests());
      checkLimit(service, "max_concurrent_requests", service.maxConcurrentRequests());
    }
  }

  private void checkLimit(IngressService service, String key, OptionalInt limit) {
    if (limit.orElse(0) < 0) {
      say(service.origin(), key, "a limit cannot be negative");
    }
  }

  private void checkListener(Listener listener) {
    if (listener.port() < 1 || listener.port() > 65535) {
      say(listener.origin(), "port", "a listener needs a port between 1 and 65535");
    }
    if (listener.services().isEmpty()) {
      say(listener.origin(), "a listener needs a service");
    }
    checkHosts(listener);
    boolean tcp = listener.protocol().equals("tcp");
    if (tcp && listener.services().size() > 1) {
      say(listener.origin(), "a tcp listener leads to one service");
    }
    for (IngressService each : listener.services()) {
      boolean all = each.name().equals("*");
      if (each.name().isEmpty()) {
        say(each.origin(), "name", "a service behind a listener needs a name");
      } else if (tcp && all) {
        say(each.origin(), "name", "a tcp listener leads to one service, \"*\" is none");
      } else if (tcp && !each.hosts().isEmpty()) {
        say(each.origin(), "hosts", "a tcp listener knows no hosts");
      } else if (all && !each.hosts().isEmpty()) {
        say(each.origin(), "hosts", "a service \"*\" cannot have hosts");
      }
    }
  }

  private void checkTerminating(Terminating terminating) {
    if (terminating.services().isEmpty()) {
      say(terminating.origin(), "a terminating gateway needs a service");
    }
    Set<String> names = new HashSet<>();
    for (LinkedService each : terminating.services()) {
      if (!names.add(each.name())) {
        say(each.origin(), "name", "\"%s\" stands twice in this gateway".formatted(each.name()));
      }
      if (each.name().isEmpty()) {
        say(each.origin(), "name", "a service that a gateway leads to needs a name");
      }
      if (each.certFile().isEmpty() != each.keyFile().isEmpty()) {
        say(each.origin(), "cert_file", "cert_file and key_file go together");
      }
      boolean tls =
          !each.certFile().isEmpty() || !each.keyFile().isEmpty() || !each.sni().isEmpty();
      if (tls && each.caFile().isEmpty()) {
        say(each.origin(), "ca_file", "without a ca_file there is no TLS");
      }
    }
  }
}
