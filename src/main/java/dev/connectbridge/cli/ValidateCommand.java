package dev.connectbridge.cli;

import dev.connectbridge.config.Configuration;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Resolver;
import dev.connectbridge.resolve.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what is wrong with specs, without an agent. */
@Command(
    name = "validate",
    description = "Say what is wrong with specs. Offline; each file is looked at alone.")
final class ValidateCommand implements Callable<Integer> {
  /** What findings are printed as. */
  enum FindingsFormat {
    TEXT,
    JSON,
    SARIF
  }

  @Option(
      names = "--format",
      paramLabel = "text|json|sarif",
      defaultValue = "text",
      description = "what the result is printed as; text unless said")
  private FindingsFormat format = FindingsFormat.TEXT;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private NodeOption node = new NodeOption();

  @Option(
      names = "--together",
      description = "look at all files as one node's, which finds what two of them both define")
  private boolean together;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "files and directories of specs")
  private List<Path> paths = List.of();

  private final Terminal terminal;

  ValidateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.load(terminal, List.of(), node.file());
    Offline offline = new Offline(configuration);
    List<SpecFiles.Named> files = SpecFiles.read(options, paths);
    List<Findings> findings =
        together
            ? together(files, offline)
            : files.stream().map(file -> alone(file, offline)).toList();
    terminal.print(
        switch (format) {
          case TEXT -> text(findings);
          case JSON -> Documents.text(Documents.validated(findings));
          case SARIF -> Documents.text(Sarif.of(Commands.version(), findings));
        });
    return findings.stream().allMatch(file -> file.problems().isEmpty()) ? Exit.OK : Exit.ERROR;
  }

  private static Findings alone(SpecFiles.Named named, Offline offline) {
    List<Snapshot.File> files = List.of(named.file());
    Desired desired =
        Resolver.resolve(new Snapshot(files, true, List.of()), offline.provisional(files));
    return new Findings(named.name(), desired.problems(), desired.warnings());
  }

  private static List<Findings> together(List<SpecFiles.Named> named, Offline offline) {
    List<Snapshot.File> files = named.stream().map(SpecFiles.Named::file).toList();
    Desired desired =
        Resolver.resolve(
            new Snapshot(files, true, List.of()), offline.provisional(files).ofOneMachine());
    List<String> names = named.stream().map(SpecFiles.Named::name).toList();
    return Findings.by(names, desired.problems(), desired.warnings());
  }

  private static String text(List<Findings> findings) {
    StringBuilder text = new StringBuilder();
    long problems = 0;
    long warnings = 0;
    for (Findings file : findings) {
      file.problems().forEach(each -> text.append(Lines.error(each)).append('\n'));
      file.warnings().forEach(each -> text.append(Lines.warning(each)).append('\n'));
      problems += file.problems().size();
      warnings += file.warnings().size();
    }
    text.append(Lines.count(findings.size(), "file"));
    text.append(", ").append(Lines.count(problems, "problem"));
    return text.append(", ").append(Lines.count(warnings, "warning")).append('\n').toString();
  }
}
