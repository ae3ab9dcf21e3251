package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.control.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a group of a running daemon back that was drained. */
@Command(
    name = "resume",
    description =
        "Have the running daemon let a group back that was drained, and try its failed tasks anew.")
final class ResumeCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @Parameters(paramLabel = "GROUP", description = "the group's instance: job/group[index]")
  private String group;

  private final Terminal terminal;

  ResumeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode resumed = daemon.ask(terminal, new Request.Resume(group), Optional.of(PATIENCE));
    format.print(terminal, () -> text(resumed), () -> resumed);
    return Exit.OK;
  }

  private static String text(JsonNode resumed) {
    return resumed.path("was_held").asBoolean()
        ? "Resume complete! %s is let back.\n".formatted(resumed.path("group").asText())
        : "No changes. %s was not held back.\n".formatted(resumed.path("group").asText());
  }
}
