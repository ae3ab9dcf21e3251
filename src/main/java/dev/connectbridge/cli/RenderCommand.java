package dev.connectbridge.cli;

import dev.connectbridge.consul.AgentRequests;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what the agent would be told, without telling it. */
@Command(
    name = "render",
    description =
        "Print the requests that an agent would be sent, and the sidecar tasks."
            + " Offline; each file is looked at alone.")
final class RenderCommand implements Callable<Integer> {
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private NodeOption node = new NodeOption();

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "files and directories of specs")
  private List<Path> paths = List.of();

  private final Terminal terminal;

  RenderCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Offline offline = new Offline(options.load(terminal, List.of(), node.file()));
    List<Draft> drafts =
        SpecFiles.read(options, paths).stream().map(file -> Draft.of(file, offline)).toList();
    if (format.isText()) {
      drafts.forEach(
          draft -> terminal.complain(draft.findings().problems(), draft.findings().warnings()));
    }
    format.print(terminal, () -> text(drafts), () -> Documents.rendered(drafts));
    return drafts.stream().allMatch(draft -> draft.findings().problems().isEmpty())
        ? Exit.OK
        : Exit.ERROR;
  }

  private static String text(List<Draft> drafts) {
    StringBuilder text = new StringBuilder();
    for (Draft draft : drafts) {
      text.append(text.isEmpty() ? "" : "\n").append(heading(draft));
      for (AgentRequests.Put entry : draft.entries()) {
        text.append("\nPUT ").append(entry.path()).append('\n');
        text.append(Documents.text(entry.body()));
      }
      for (int i = 0; i < draft.requests().size(); i++) {
        text.append("\nPUT ").append(draft.requests().get(i).path()).append('\n');
        text.append(Documents.text(draft.shown().get(i)));
      }
      draft
          .tasks()
          .forEach(
              task ->
                  text.append("\nsidecar task ")
                      .append(task.name())
                      .append('\n')
                      .append(Documents.text(Documents.task(task))));
    }
    return text.toString();
  }

  private static String heading(Draft draft) {
    String counts =
        draft.findings().problems().isEmpty()
            ? "%s, %s"
                .formatted(
                    Lines.count(draft.entries().size() + draft.requests().size(), "request"),
                    Lines.count(draft.tasks().size(), "sidecar task"))
            : Lines.count(draft.findings().problems().size(), "problem");
    return "# %s: %s\n".formatted(draft.findings().file(), counts);
  }
}
