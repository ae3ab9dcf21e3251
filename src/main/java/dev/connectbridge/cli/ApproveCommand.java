package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.control.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a running daemon remove what it withholds. */
@Command(
    name = "approve",
    description =
        "Have the running daemon remove, once, exactly what it withholds because it looks like a"
            + " mistake; status says what that is.")
final class ApproveCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @Parameters(
      paramLabel = "DIGEST",
      arity = "0..1",
      description = "what status printed, so that nothing else is meant; else whatever there is")
  private String digest = "";

  private final Terminal terminal;

  ApproveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode gone = daemon.ask(terminal, new Request.Approve(digest), Optional.of(PATIENCE));
    format.print(terminal, () -> text(gone), () -> gone);
    return Exit.OK;
  }

  private static String text(JsonNode gone) {
    StringBuilder text = new StringBuilder();
    gone.path("ids").forEach(id -> text.append("- ").append(id.asText()).append('\n'));
    int groups = gone.path("groups").size();
    return text.append("Approved: ")
        .append(Lines.count(groups, "group"))
        .append(" will go.\n")
        .toString();
  }
}
