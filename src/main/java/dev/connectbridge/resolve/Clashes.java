package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.Ip;
import dev.connectbridge.resolve.Claim.Kind;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.spec.ConnectSpec.Upstream;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Who is in whose way on the host: groups that share its network among each other, and what the
 * specs fix with what is there already. Nobody can tell who was first, so both sides are blamed.
 */
final class Clashes {
  private final Situation situation;
  private final BiConsumer<String, Problem> blame;
  private final List<Problem> warnings;

  Clashes(Situation situation, BiConsumer<String, Problem> blame, List<Problem> warnings) {
    this.situation = situation;
    this.blame = blame;
    this.warnings = warnings;
  }

  /** Looks at instances that have their ports. */
  void check(List<Instance> instances) {
    if (!situation.together()) {
      return;
    }
    SortedMap<Integer, List<Claim>> claims = new TreeMap<>();
    instances.stream()
        .flatMap(instance -> claims(instance).stream())
        .sorted(Claim.ORDER)
        .forEach(
            claim -> claims.computeIfAbsent(claim.port(), any -> new ArrayList<>()).add(claim));
    claims.values().forEach(this::checkPort);
  }

  /** Each claim hears of one other; whoever puts that right hears of the next. */
  private void checkPort(List<Claim> claims) {
    for (Claim claim : claims) {
      claims.stream()
          .filter(other -> claim.isInTheWayOf(other) && !claim.isTwin(other))
          .findFirst()
          .ifPresent(other -> say(claim, claim.against(other)));
      twins(claim, claims);
      situation.agent().ifPresent(agent -> check(claim, agent));
    }
  }

  /** The instances of one group may each have a network that the bridge does not know of. */
  private void twins(Claim claim, List<Claim> claims) {
    claims.stream()
        .filter(other -> claim.isInTheWayOf(other) && claim.isTwin(other))
        .filter(other -> claim.instance().index() < other.instance().index())
        .findFirst()
        .filter(other -> claim.instance().index() == 0)
        .ifPresent(other -> warnings.add(claim.against(other)));
  }

  private void check(Claim claim, Surroundings agent) {
    List<Foreign> strangers = strangers(claim, agent);
    Optional<Foreign> sure =
        strangers.stream().filter(other -> isSurelyInTheWay(other, claim)).findFirst();
    if (sure.isPresent()) {
      say(claim, claim.against(sure.get()));
    } else if (isTaken(claim, agent)) {
      say(claim, claim.problem("which something on this machine listens on already"));
    } else if (!strangers.isEmpty()) {
      warnings.add(claim.against(strangers.get(0)));
    }
  }

  /** Who is registered where something is going to listen that the spec names by its number. */
  private static List<Foreign> strangers(Claim claim, Surroundings agent) {
    return switch (claim.kind()) {
      case LITERAL, STATIC, PROXY ->
          agent.others(claim.port()).stream()
              .filter(other -> !claim.instance().hasId(other.id()))
              .toList();
      case UPSTREAM, ALLOCATED -> List.of();
    };
  }

  /**
   * A registration may be of something on another machine. An application that is registered
   * already, by somebody under the name that it has here or by us, was there first.
   */
  private boolean isSurelyInTheWay(Foreign other, Claim claim) {
    Instance instance = claim.instance();
    boolean wasFirst =
        claim.kind() == Kind.LITERAL && (instance.hasService(other.name()) || !isNew(instance));
    return !wasFirst && situation.node().isAt(other.address());
  }

  /**
   * An application may run before it is registered, so a socket on its port is taken for its own; a
   * proxy's port is free until the instance is registered at it.
   */
  private boolean isTaken(Claim claim, Surroundings agent) {
    Instance instance = claim.instance();
    boolean proxys =
        switch (claim.kind()) {
          case PROXY -> !agent.holds(instance.id(), claim.port());
          case UPSTREAM -> isNew(instance);
          case LITERAL, STATIC, ALLOCATED -> false;
        };
    return proxys && agent.listening().contains(claim.port());
  }

  /** The proxy of an instance that is known already may be what listens for its upstreams. */
  private boolean isNew(Instance instance) {
    String start = Situation.portKey(instance.id(), "");
    return instance.job().allocation().isEmpty()
        && situation.agent().stream().noneMatch(agent -> agent.held().containsKey(instance.id()))
        && situation.remembered().keySet().stream().noneMatch(key -> key.startsWith(start));
  }

  private void say(Claim claim, Problem problem) {
    blame.accept(claim.instance().source(), problem);
  }

  private static List<Claim> claims(Instance instance) {
    List<Claim> claims = new ArrayList<>();
    if (instance.job().allocation().isPresent()) {
      instance.ports().forEach((label, port) -> claims.add(allocated(instance, label, port)));
    } else {
      statics(instance).forEach(port -> claims.add(fixed(instance, port)));
    }
    claims.addAll(literals(instance));
    claims.addAll(upstreams(instance));
    return claims;
  }

  /**
   * Returns what the applications of an instance listen on by number in the host's network. What
   * has an address of its own may be anywhere, and of an allocation Nomad knows best.
   */
  static List<Claim> literals(Instance instance) {
    if (instance.ownNetwork() || instance.job().allocation().isPresent()) {
      return List.of();
    }
    Set<String> labels = new HashSet<>();
    for (Network network : instance.group().networks()) {
      network.ports().forEach(port -> labels.add(port.label()));
    }
    return instance.group().services().stream()
        .filter(service -> service.address().isEmpty() && !labels.contains(service.portLabel()))
        .flatMap(service -> literal(instance, service).stream())
        .toList();
  }

  private static Optional<Claim> literal(Instance instance, ServiceSpec service) {
    return Addresses.number(service.portLabel())
        .map(
            port ->
                new Claim(
                    instance,
                    Kind.LITERAL,
                    "",
                    port,
                    "the application of service \"%s\"".formatted(service.name()),
                    "port",
                    service.origin()));
  }

  private static List<Port> statics(Instance instance) {
    List<Port> ports = new ArrayList<>();
    for (Network network : instance.group().networks()) {
      network.ports().stream().filter(port -> port.fixed().isPresent()).forEach(ports::add);
    }
    return ports;
  }

  private static Claim fixed(Instance instance, Port port) {
    return new Claim(
        instance,
        isProxys(instance, port.label()) ? Kind.PROXY : Kind.STATIC,
        instance.port(port.label()).map(Instance.GivenPort::hostIp).orElse(""),
        port.fixed().getAsInt(),
        "the static port \"%s\"".formatted(port.label()),
        "static",
        port.origin());
  }

  private static boolean isProxys(Instance instance, String label) {
    for (ServiceSpec service : instance.group().services()) {
      boolean listens =
          service
              .sidecar()
              .filter(
                  sidecar ->
                      Admission.sidecarPortLabel(service).equals(label)
                          || sidecar.proxy().expose().stream()
                              .anyMatch(path -> path.listenerPort().equals(label)))
              .isPresent();
      if (listens) {
        return true;
      }
    }
    return false;
  }

  private static Claim allocated(Instance instance, String label, Instance.GivenPort port) {
    return new Claim(
        instance,
        Kind.ALLOCATED,
        port.hostIp(),
        port.value(),
        "the allocated port \"%s\"".formatted(label),
        "",
        instance.group().origin());
  }

  /** Returns what the proxies of an instance listen on for it in the host's network. */
  static List<Claim> upstreams(Instance instance) {
    List<Claim> claims = new ArrayList<>();
    if (instance.ownNetwork()) {
      return claims;
    }
    for (ServiceSpec service : instance.group().services()) {
      service
          .sidecar()
          .ifPresent(
              sidecar ->
                  sidecar.proxy().upstreams().stream()
                      .filter(upstream -> upstream.localBindPort() > 0)
                      .forEach(upstream -> claims.add(listener(instance, upstream))));
    }
    return claims;
  }

  private static Claim listener(Instance instance, Upstream upstream) {
    String address = upstream.localBindAddress();
    Origin at = upstream.origin();
    return new Claim(
        instance,
        Kind.UPSTREAM,
        address.isEmpty() || address.equals("localhost")
            ? "127.0.0.1"
            : Ip.canonical(address).orElse(address),
        upstream.localBindPort(),
        "the upstream \"%s\"".formatted(upstream.destinationName()),
        "local_bind_port",
        at);
  }
}
