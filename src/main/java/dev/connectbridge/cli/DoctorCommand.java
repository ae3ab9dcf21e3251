package dev.connectbridge.cli;

import dev.connectbridge.config.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at all that the daemon needs, and says what to do about what is missing. */
@Command(
    name = "doctor",
    description = "Look at all that the daemon needs, and say what to do; changes nothing.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--data-dir", paramLabel = "DIR", description = "the daemon's data directory")
  private Path dataDirectory;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "files and directories of specs; else the configuration says them")
  private List<Path> paths = List.of();

  private final Terminal terminal;

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration =
        options.load(terminal, paths, Optional.ofNullable(dataDirectory), Optional.empty());
    List<Symptom> symptoms =
        new Doctor(configuration, terminal.environment())
            .examine(options.source(configuration.specs()), options.openFiles(configuration));
    format.print(terminal, () -> Symptom.text(symptoms), () -> Symptom.document(symptoms));
    return Symptom.isWell(symptoms) ? Exit.OK : Exit.ERROR;
  }
}
