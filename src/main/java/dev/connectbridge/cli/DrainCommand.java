package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.control.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Drains a group of a running daemon, and prints the receipt. */
@Command(
    name = "drain",
    description =
        "Have the running daemon drain a group and hold it back; prints the receipt, and exits with"
            + " 0 when the drain was proven.")
final class DrainCommand implements Callable<Integer> {
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @Option(
      names = "--no-shutdown-delay",
      description = "leave the shutdown_delay of the group and of its tasks out")
  private boolean hurried;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      converter = SpanOfTime.class,
      description = "how long the proof may take, such as 30s; the group's delays unless said")
  private Duration deadline;

  @Parameters(paramLabel = "GROUP", description = "the group's instance: job/group[index]")
  private String group;

  private final Terminal terminal;

  DrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Request drain = new Request.Drain(group, hurried, Optional.ofNullable(deadline));
    JsonNode receipt = daemon.ask(terminal, drain, Optional.empty());
    format.print(terminal, () -> DrainLines.of(receipt), () -> receipt);
    return receipt.path("proven").asBoolean() ? Exit.OK : Exit.ERROR;
  }
}
