package dev.connectbridge.cli;

import dev.connectbridge.config.Arguments;
import dev.connectbridge.config.Configuration;
import dev.connectbridge.config.Configurations;
import dev.connectbridge.config.Loaded;
import dev.connectbridge.source.SpecPaths;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command that reads specs takes. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the configuration file; without one the defaults hold")
  private Path config;

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description = "whose registrations these are; \"default\" unless said")
  private String owner;

  @Option(
      names = "--any-datacenter",
      description = "take jobs whose datacenters do not include this node's")
  private boolean anyDatacenter;

  @Option(
      names = "--nomad-compatible-defaults",
      description =
          "let a sidecar_task block reset what it leaves open to an ordinary task's defaults, as"
              + " Nomad does")
  private boolean nomadCompatibleDefaults;

  @Option(
      names = "--var",
      paramLabel = "NAME=VALUE",
      description = "the value of a job file's variable; wins over every file of values")
  private List<String> variables = List.of();

  @Option(
      names = "--var-file",
      paramLabel = "FILE",
      description = "a file of values for job files' variables; a later one wins over an earlier")
  private List<Path> variableFiles = List.of();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Returns the specs that some paths lead to, with the values given for their variables. */
  SpecPaths source(List<Path> paths) {
    return new SpecPaths(paths, variableFiles, variables);
  }

  /** Returns what everybody on this machine can read of the files that these and others lead to. */
  OpenFiles openFiles(Configuration configuration) {
    return OpenFiles.of(configuration, variableFiles);
  }

  /** Returns the configuration that these and the other options give. */
  Configuration load(Terminal terminal, List<Path> specs, Optional<Path> node) {
    return load(
        terminal,
        new Arguments(
            Optional.ofNullable(config),
            node,
            owner(),
            anyDatacenter,
            nomadCompatibleDefaults,
            Optional.empty(),
            Optional.empty(),
            specs));
  }

  /** Returns the daemon's configuration. */
  Configuration load(
      Terminal terminal,
      List<Path> specs,
      Optional<Path> dataDirectory,
      Optional<Path> runDirectory) {
    return load(
        terminal,
        new Arguments(
            Optional.ofNullable(config),
            Optional.empty(),
            owner(),
            anyDatacenter,
            nomadCompatibleDefaults,
            dataDirectory,
            runDirectory,
            specs));
  }

  private static Configuration load(Terminal terminal, Arguments arguments) {
    Loaded loaded = Configurations.load(arguments, terminal.environment());
    terminal.complain(List.of(), loaded.warnings());
    if (!loaded.problems().isEmpty()) {
      throw new Refusal("the configuration cannot be used", loaded.problems());
    }
    return loaded.configuration();
  }

  private Optional<String> owner() {
    if (owner != null && !Configuration.isOwner(owner)) {
      throw new ParameterException(
          command.commandLine(),
          "--owner: expected 1 to 64 letters, digits, dots, dashes and underscores");
    }
    return Optional.ofNullable(owner);
  }
}
