package dev.connectbridge.cli;

import dev.connectbridge.Bridge;
import dev.connectbridge.config.Configuration;
import dev.connectbridge.plan.Consent;
import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.View;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the agent hold what specs say, once. */
@Command(
    name = "sync",
    description = "Make the agent hold exactly what specs say for this owner, once.")
final class SyncCommand implements Callable<Integer> {
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private DataDirOption dataDirectory = new DataDirOption();

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "do it only if it is still what plan --out FILE has saved")
  private Path plan;

  @Option(
      names = "--force",
      description =
          "remove whatever the specs let go, however much of this owner's groups it is at once")
  private boolean force;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "files and directories of specs")
  private List<Path> paths = List.of();

  private final Terminal terminal;

  SyncCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.load(terminal, paths, Optional.empty());
    KnownAgent known = dataDirectory.agent(configuration);
    try (Bridge bridge =
        Bridges.build(Bridges.of(configuration, options.source(paths)).ours(known.ours()))) {
      requireAlone(bridge, configuration.owner());
      Outcome outcome = pass(bridge, configuration.owner());
      known.keep(outcome);
      tell(outcome);
      return outcome.done() ? Exit.OK : Exit.ERROR;
    }
  }

  private static void requireAlone(Bridge bridge, String owner) {
    if (bridge.isStartedElsewhere()) {
      throw new Refusal(
          ("a daemon of owner \"%s\" runs on this machine and keeps to its own specs;"
                  + " stop it, or sync as another owner")
              .formatted(owner));
    }
    bridge
        .writer()
        .ifPresent(
            holder -> {
              throw new Refusal(
                  ("a daemon of owner \"%s\" has the lock of this agent's node: %s; stop it, or"
                          + " sync as another owner")
                      .formatted(owner, holder));
            });
  }

  private Outcome pass(Bridge bridge, String owner) {
    Optional<SavedPlan> saved = Optional.ofNullable(plan).map(SavedPlan::read);
    return bridge.runOnce(
        force || saved.isPresent() ? Consent.GIVEN : Consent.NONE,
        view -> {
          saved.ifPresent(one -> one.require(SavedPlan.of(owner, view)));
          before(view);
        });
  }

  /** What goes is printed before it goes. */
  private void before(View view) {
    if (format.isText()) {
      terminal.complain(view.desired().problems(), view.desired().warnings());
      terminal.print(PlanLines.of(view));
    }
  }

  private void tell(Outcome outcome) {
    if (!format.isText()) {
      terminal.print(Documents.text(Documents.synced(outcome)));
      return;
    }
    outcome.failures().forEach(failure -> terminal.complain(failure.toString()));
    outcome.withheld().ifPresent(left -> terminal.complain(PlanLines.refused(left)));
    if (!outcome.plan().isEmpty()) {
      terminal.print(PlanLines.applied(outcome));
    }
  }
}
