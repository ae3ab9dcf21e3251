package dev.connectbridge.cli;

import dev.connectbridge.config.Configuration;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation;
import dev.connectbridge.resolve.Snapshot;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.JobSpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Resolving without an agent: what only it could tell is filled in by something provisional. */
final class Offline {
  private static final int SIDECAR_MIN_PORT = 21000;
  private static final int SIDECAR_MAX_PORT = 21255;
  private static final String LOOPBACK = "127.0.0.1";

  private final Configuration configuration;

  Offline(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Returns whether anything in these files is not resolved yet: an allocation is. */
  static boolean isOpen(List<Snapshot.File> files) {
    return jobs(files).anyMatch(job -> job.allocation().isEmpty());
  }

  /** Returns a situation in which no plain job lacks an address: the loopback's stands for it. */
  Situation provisional(List<Snapshot.File> files) {
    return situation(files, new TreeMap<>(), what -> LOOPBACK);
  }

  /** Returns the same with placeholders as addresses, and with ports that were chosen for it. */
  Situation placeholders(List<Snapshot.File> files, SortedMap<String, Integer> ports) {
    return situation(files, ports, what -> "<" + what + ">");
  }

  private Situation situation(
      List<Snapshot.File> files, SortedMap<String, Integer> ports, UnaryOperator<String> address) {
    TreeSet<Integer> taken = new TreeSet<>();
    IntStream.rangeClosed(SIDECAR_MIN_PORT, SIDECAR_MAX_PORT).forEach(taken::add);
    return new Situation(
        configuration.owner(),
        isOpen(files) ? filled(configuration.node(), files, address) : configuration.node(),
        configuration.minPort(),
        configuration.maxPort(),
        taken,
        ports,
        configuration.choices(),
        false,
        Optional.empty());
  }

  /** Where the operator named host networks, one that is not among them is a mistake. */
  private static Node filled(Node node, List<Snapshot.File> files, UnaryOperator<String> address) {
    SortedMap<String, String> networks = new TreeMap<>(node.hostNetworks());
    if (networks.isEmpty()) {
      hostNetworks(files)
          .forEach(name -> networks.put(name, address.apply("address of host network " + name)));
    }
    return new Node(
        node.id(),
        node.name(),
        node.datacenter(),
        node.address().isEmpty() ? address.apply("node address") : node.address(),
        networks,
        node.attributes(),
        node.meta());
  }

  /** Returns the jobs, and what can be seen of those that have problems. */
  private static Stream<JobSpec> jobs(List<Snapshot.File> files) {
    return files.stream()
        .flatMap(file -> Stream.concat(file.jobs().stream(), file.glimpse().without().stream()));
  }

  private static List<String> hostNetworks(List<Snapshot.File> files) {
    return jobs(files)
        .flatMap(job -> job.groups().stream())
        .flatMap(group -> group.networks().stream())
        .map(network -> network.ports())
        .flatMap(Collection::stream)
        .map(Port::hostNetwork)
        .filter(name -> !name.isEmpty() && !name.equals("default"))
        .toList();
  }
}
