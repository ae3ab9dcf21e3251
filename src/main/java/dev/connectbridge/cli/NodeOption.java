package dev.connectbridge.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the commands take that are used away from the node. */
final class NodeOption {
  @Option(
      names = "--node",
      paramLabel = "FILE",
      description =
          "JSON that describes the node: ID, Name, Datacenter, Address, Attributes, Meta,"
              + " HostNetworks; else the configuration's node section does")
  private Path node;

  Optional<Path> file() {
    return Optional.ofNullable(node);
  }
}
