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

/** Drops what a daemon remembers of an entry. */
@Command(
    name = "forget",
    description =
        "Have the running daemon forget what it remembers of an entry: the fight over it, that it was"
            + " released, and its ports.")
final class ForgetCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @Parameters(paramLabel = "ID", description = "the service's ID")
  private String name;

  private final Terminal terminal;

  ForgetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Request word = new Request.Entry(Word.FORGET, name);
    JsonNode done = daemon.ask(terminal, word, Optional.of(PATIENCE));
    format.print(terminal, () -> text(done), () -> done);
    return Exit.OK;
  }

  private static String text(JsonNode done) {
    StringBuilder text = new StringBuilder();
    done.path("forgotten")
        .forEach(one -> text.append("Forgotten: ").append(one.asText()).append("\n"));
    return text.isEmpty() ? "Nothing was remembered.\n" : text.toString();
  }
}
