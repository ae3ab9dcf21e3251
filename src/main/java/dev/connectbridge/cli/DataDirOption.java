package dev.connectbridge.cli;

import dev.connectbridge.config.Configuration;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What the commands take that look at the agent once: where it is known which one is ours. */
final class DataDirOption {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "where it is kept which agent is ours; need not be there")
  private Path directory;

  KnownAgent agent(Configuration configuration) {
    return KnownAgent.in(
        directory == null ? configuration.dataDirectory() : directory, configuration.owner());
  }
}
