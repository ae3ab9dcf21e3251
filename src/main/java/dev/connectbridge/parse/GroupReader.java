package dev.connectbridge.parse;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.GroupSpec.Dns;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.GroupSpec.Port;
import java.time.Duration;
import java.util.OptionalInt;

/** Makes a group of its section. */
final class GroupReader {
  private GroupReader() {}

  static GroupSpec read(Section group, Report report) {
    group.blocks("network").forEach(network -> refuseCollisions(network, report));
    return new GroupSpec(
        group.label(),
        group.integer("count").orElse(1),
        group.duration("shutdown_delay").orElse(Duration.ZERO),
        group.textMap("meta"),
        group.blocks("network").stream().map(GroupReader::network).toList(),
        group.blocks("service").stream()
            .map(service -> ServiceReader.read(service, report))
            .toList(),
        group.blocks("task").stream().map(task -> TaskReader.read(task, report)).toList(),
        disk(group),
        group.origin());
  }

  private static int disk(Section group) {
    return group
        .block("ephemeral_disk")
        .map(disk -> disk.integer("size"))
        .orElse(OptionalInt.empty())
        .orElse(GroupSpec.DEFAULT_DISK_MB);
  }

  private static Network network(Section network) {
    return new Network(
        network.text("mode", "host"),
        network.blocks("port").stream().map(GroupReader::port).toList(),
        network
            .block("dns")
            .map(
                dns ->
                    new Dns(
                        dns.texts("servers"),
                        dns.texts("searches"),
                        dns.texts("options"),
                        dns.origin())),
        network.text("hostname"),
        network.origin());
  }

  /** Who shares the host's network may be meant to share a port, nobody else. */
  private static void refuseCollisions(Section network, Report report) {
    String mode = network.text("mode", "host");
    network.blocks("port").stream()
        .filter(port -> port.flag("ignore_collision") && !mode.equals("host"))
        .forEach(
            port ->
                report.problem(
                    port.origin()
                        .problem(
                            "ignore_collision",
                            "only the ports of the host's network can be shared, and this is \"%s\""
                                .formatted(mode))));
  }

  private static Port port(Section port) {
    return new Port(
        port.label(),
        Zero.isUnsaid(port.integer("static")),
        Zero.isUnsaid(port.integer("to")),
        port.text("host_network", "default"),
        port.origin());
  }
}
