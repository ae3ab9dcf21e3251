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

/** Gives entries away without deregistering them. */
@Command(
    name = "release",
    description =
        "Have the running daemon give the entries of a group, or one, away: they stay registered"
            + " without its marks, and are not written before their spec changes.")
final class ReleaseCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @Parameters(
      paramLabel = "GROUP|ID",
      description = "the group's instance, job/group[index], or a service's ID")
  private String name;

  private final Terminal terminal;

  ReleaseCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Request word = new Request.Entry(Word.RELEASE, name);
    JsonNode done = daemon.ask(terminal, word, Optional.of(PATIENCE));
    format.print(terminal, () -> text(done), () -> done);
    return Exit.OK;
  }

  private static String text(JsonNode done) {
    StringBuilder text = new StringBuilder();
    done.path("released")
        .forEach(
            one ->
                text.append("Released: ")
                    .append(one.asText())
                    .append(" stays registered, and is not ours\n"));
    return text.isEmpty() ? "Nothing was remembered.\n" : text.toString();
  }
}
