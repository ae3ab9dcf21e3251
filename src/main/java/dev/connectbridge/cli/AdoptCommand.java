package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.control.Request;
import dev.connectbridge.control.Request.Word;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes an entry that somebody else holds or keeps changing. */
@Command(
    name = "adopt",
    description =
        "Have the running daemon write an entry that the specs want, although somebody else holds its"
            + " ID or keeps changing it.")
final class AdoptCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @Parameters(paramLabel = "ID", description = "the service's ID, as plan and status print it")
  private String name;

  private final Terminal terminal;

  AdoptCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Request word = new Request.Entry(Word.ADOPT, name);
    JsonNode done = daemon.ask(terminal, word, Optional.of(PATIENCE));
    format.print(terminal, () -> text(done), () -> done);
    return Exit.OK;
  }

  private static String text(JsonNode done) {
    StringBuilder text = new StringBuilder();
    done.path("adopted").forEach(one -> text.append("Adopted: ").append(one.asText()).append("\n"));
    return text.isEmpty() ? "Nothing was remembered.\n" : text.toString();
  }
}
