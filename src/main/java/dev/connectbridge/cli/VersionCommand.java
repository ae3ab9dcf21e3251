package dev.connectbridge.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the version. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Callable<Integer> {
  @Mixin private FormatOption format = new FormatOption();

  private final Terminal terminal;

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String version = Commands.version();
    format.print(
        terminal,
        () -> "connect-bridge " + version + "\n",
        () -> Documents.version(version, Runtime.version().toString()));
    return Exit.OK;
  }
}
