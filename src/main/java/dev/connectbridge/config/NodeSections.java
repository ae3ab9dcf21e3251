package dev.connectbridge.config;

import dev.connectbridge.parse.Key;
import dev.connectbridge.parse.Report;
import dev.connectbridge.parse.Section;
import dev.connectbridge.parse.Shape;
import dev.connectbridge.parse.Shape.Unknown;
import dev.connectbridge.parse.TreeReader;
import dev.connectbridge.resolve.Node;
import java.nio.file.Path;
import java.util.TreeMap;

/** The machine as the operator describes it: in the configuration, or in a file as Nomad has it. */
final class NodeSections {

  /** The configuration's section. */
  static final Shape SHAPE =
      Shape.of(
          "node",
          Key.text("name"),
          Key.text("datacenter"),
          Key.text("address"),
          Key.textMap("attributes"),
          Key.textMap("meta"),
          Key.textMap("host_networks"));

  /** What Nomad says of a node has many more fields, and more with each release. */
  private static final Shape FILE =
      Shape.of(
              "a node",
              Key.text("ID"),
              Key.text("Name"),
              Key.text("Datacenter"),
              Key.text("Address"),
              Key.textMap("Attributes"),
              Key.textMap("Meta"),
              Key.textMap("HostNetworks"))
          .unknown(Unknown.IGNORED);

  private NodeSections() {}

  static Node of(Section section) {
    return new Node(
        "",
        section.text("name"),
        section.text("datacenter"),
        section.text("address"),
        new TreeMap<>(section.textMap("host_networks")),
        new TreeMap<>(section.textMap("attributes")),
        new TreeMap<>(section.textMap("meta")));
  }

  static Node in(Path file, Report report) {
    return OperatorFile.read(file, TreeReader::json, FILE, report)
        .map(NodeSections::ofFile)
        .orElse(Node.UNKNOWN);
  }

  private static Node ofFile(Section section) {
    return new Node(
        section.text("ID"),
        section.text("Name"),
        section.text("Datacenter"),
        section.text("Address"),
        new TreeMap<>(section.textMap("HostNetworks")),
        new TreeMap<>(section.textMap("Attributes")),
        new TreeMap<>(section.textMap("Meta")));
  }
}
