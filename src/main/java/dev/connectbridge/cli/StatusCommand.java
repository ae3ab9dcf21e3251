package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.control.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints how the drains and tasks of a running daemon stand. */
@Command(
    name = "status",
    description = "Print how the drains and tasks of the running daemon stand.")
final class StatusCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DaemonOptions daemon = new DaemonOptions();

  private final Terminal terminal;

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode status = daemon.ask(terminal, new Request.Status(), Optional.of(PATIENCE));
    format.print(terminal, () -> StatusLines.of(status), () -> status);
    return Exit.OK;
  }
}
