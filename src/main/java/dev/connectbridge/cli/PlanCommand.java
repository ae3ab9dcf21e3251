package dev.connectbridge.cli;

import dev.connectbridge.Bridge;
import dev.connectbridge.config.Configuration;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.reconcile.View;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what would have to change at the agent. */
@Command(
    name = "plan",
    description = "Print the difference between specs and the agent; changes nothing.")
final class PlanCommand implements Callable<Integer> {
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private NodeOption node = new NodeOption();
  @Mixin private DataDirOption dataDirectory = new DataDirOption();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "also save the plan, for sync --plan FILE")
  private Path out;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "files and directories of specs")
  private List<Path> paths = List.of();

  private final Terminal terminal;

  PlanCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.load(terminal, paths, node.file());
    View view = view(configuration);
    if (format.isText()) {
      terminal.complain(view.desired().problems(), view.desired().warnings());
    }
    format.print(terminal, () -> PlanLines.of(view), () -> Documents.planned(view));
    if (format.isText()) {
      view.unread().forEach(failure -> terminal.complain(failure.toString()));
      view.withheld().ifPresent(left -> terminal.complain(PlanLines.refused(left)));
    }
    if (out != null) {
      SavedPlan.of(configuration.owner(), view).write(out, view);
    }
    return exit(view);
  }

  private static int exit(View view) {
    Plan plan = view.plan();
    if (!view.desired().problems().isEmpty() || plan.isContested() || !view.unread().isEmpty()) {
      return Exit.ERROR;
    }
    return plan.isEmpty() ? Exit.OK : Exit.CHANGES;
  }

  private View view(Configuration configuration) {
    KnownAgent known = dataDirectory.agent(configuration);
    try (Bridge bridge =
        Bridges.build(Bridges.of(configuration, options.source(paths)).ours(known.ours()))) {
      return bridge.plan();
    } catch (AgentException e) {
      throw new Refusal(e.getMessage());
    }
  }
}
