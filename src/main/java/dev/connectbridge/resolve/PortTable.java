package dev.connectbridge.resolve;

import dev.connectbridge.resolve.Instance.GivenPort;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The ports of all instances of one node; an allocation brings its own. */
final class PortTable {
  private final Situation situation;
  private final BiConsumer<String, Problem> blame;
  private SortedMap<String, Integer> dynamic = new TreeMap<>();

  PortTable(Situation situation, BiConsumer<String, Problem> blame) {
    this.situation = situation;
    this.blame = blame;
  }

  /** Returns the dynamic ports that were given, by {@link Situation#portKey}. */
  SortedMap<String, Integer> dynamic() {
    return dynamic;
  }

  /** Returns the instances with every port that could be given. */
  List<Instance> given(List<Instance> instances) {
    Set<Integer> fixed = new HashSet<>();
    SortedSet<String> keys = new TreeSet<>();
    for (Instance instance : instances) {
      instance.ports().values().forEach(port -> fixed.add(port.value()));
      if (situation.together()) {
        Clashes.upstreams(instance).forEach(upstream -> fixed.add(upstream.port()));
        Clashes.literals(instance).forEach(literal -> fixed.add(literal.port()));
      }
      for (Port port : asked(instance)) {
        port.fixed()
            .ifPresentOrElse(
                fixed::add, () -> keys.add(Situation.portKey(instance.id(), port.label())));
      }
    }
    dynamic = new Ports(situation, fixed).give(keys);
    return instances.stream().map(this::given).toList();
  }

  private static List<Port> asked(Instance instance) {
    if (instance.job().allocation().isPresent()) {
      return List.of();
    }
    List<Port> ports = new ArrayList<>();
    for (Network network : instance.group().networks()) {
      ports.addAll(network.ports());
    }
    return ports;
  }

  private Instance given(Instance instance) {
    SortedMap<String, GivenPort> ports = new TreeMap<>(instance.ports());
    for (Port port : asked(instance)) {
      Integer value =
          port.fixed().isPresent()
              ? Integer.valueOf(port.fixed().getAsInt())
              : dynamic.get(Situation.portKey(instance.id(), port.label()));
      if (value == null) {
        blame.accept(
            instance.source(),
            instance
                .group()
                .origin()
                .problem(
                    "no port is left for \"%s\" between %d and %d"
                        .formatted(port.label(), situation.minPort(), situation.maxPort())));
        continue;
      }
      int asked = port.to().orElse(0);
      ports.put(
          port.label(), new GivenPort(value, asked == -1 ? value : asked, hostIp(instance, port)));
    }
    return instance.withPorts(ports);
  }

  private String hostIp(Instance instance, Port port) {
    if (port.hostNetwork().isEmpty() || port.hostNetwork().equals("default")) {
      return instance.hostAddress();
    }
    String address = situation.node().hostNetworks().get(port.hostNetwork());
    if (address == null) {
      blame.accept(
          instance.source(),
          port.origin()
              .problem(
                  "host_network",
                  "this node has no host network \"%s\"".formatted(port.hostNetwork())));
      return "";
    }
    return address;
  }
}
