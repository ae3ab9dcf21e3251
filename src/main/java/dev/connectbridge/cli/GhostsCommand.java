package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.control.Request;
import dev.connectbridge.control.Request.Word;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the catalog holds although the agent has forgotten it, and removes it. */
@Command(
    name = "ghosts",
    description =
        "List what Consul's servers still hold of this daemon's entries although the agent does not,"
            + " or remove one of them.")
final class GhostsCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @Option(
      names = "--remove",
      paramLabel = "ID",
      description = "remove this one; the token needs service:write for its service")
  private String id;

  private final Terminal terminal;

  GhostsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (id == null) {
      JsonNode status = daemon.ask(terminal, new Request.Status(), Optional.of(PATIENCE));
      JsonNode ghosts = new ObjectMapper().createObjectNode().set("ghosts", status.path("ghosts"));
      format.print(terminal, () -> list(ghosts), () -> ghosts);
    } else {
      Request word = new Request.Entry(Word.REMOVE_GHOST, id);
      JsonNode done = daemon.ask(terminal, word, Optional.of(PATIENCE));
      format.print(terminal, () -> "Removed: " + id + " is gone from the catalog\n", () -> done);
    }
    return Exit.OK;
  }

  static String list(JsonNode listed) {
    StringBuilder text = new StringBuilder();
    for (JsonNode ghost : listed.path("ghosts")) {
      text.append(ConvergenceLines.ghost(ghost));
      text.append("\n  connect-bridge ghosts --remove ").append(ghost.path("id").asText());
      text.append('\n');
    }
    return text.isEmpty() ? "No ghosts.\n" : text.toString();
  }
}
