package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.config.Arguments;
import dev.connectbridge.config.Configuration;
import dev.connectbridge.config.Configurations;
import dev.connectbridge.config.Loaded;
import dev.connectbridge.control.ControlClient;
import dev.connectbridge.control.ControlException;
import dev.connectbridge.control.ControlException.Kind;
import dev.connectbridge.control.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command takes that asks a running daemon: how to find it. */
final class DaemonOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the configuration file of the daemon; without one the defaults hold")
  private Path config;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the data directory of the daemon, in which it answers")
  private Path dataDirectory;

  /** Asks the daemon; whatever keeps the answer from coming is a refusal. */
  JsonNode ask(Terminal terminal, Request request, Optional<Duration> patience) {
    try {
      return ControlClient.of(dataDirectory(terminal)).ask(request, patience);
    } catch (ControlException e) {
      throw new Refusal(
          e.kind() == Kind.NOBODY
              ? e.getMessage() + "; say which one with --data-dir or --config"
              : e.getMessage());
    }
  }

  private Path dataDirectory(Terminal terminal) {
    if (dataDirectory != null) {
      return dataDirectory;
    }
    Arguments said =
        new Arguments(
            Optional.ofNullable(config),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            List.of());
    Loaded loaded = Configurations.load(said, terminal.environment());
    if (!loaded.problems().isEmpty()) {
      throw new Refusal("the configuration cannot be used", loaded.problems());
    }
    Configuration configuration = loaded.configuration();
    return configuration.dataDirectory();
  }
}
