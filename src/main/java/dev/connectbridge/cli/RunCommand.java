package dev.connectbridge.cli;

import dev.connectbridge.Bridge;
import dev.connectbridge.config.Configuration;
import dev.connectbridge.config.Configuration.Access;
import dev.connectbridge.consul.ConsulAgent.Pace;
import dev.connectbridge.host.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps the agent at what specs say, until it is told to stop. */
@Command(name = "run", description = "Keep the agent at what specs say, until SIGTERM or SIGINT.")
final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  @Mixin private FormatOption format = new FormatOption();
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "where ports, drains, receipts and tasks are kept")
  private Path dataDirectory;

  @Option(names = "--run-dir", paramLabel = "DIR", description = "where the daemon holds its lock")
  private Path runDirectory;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "files and directories of specs; else the configuration says them")
  private List<Path> paths = List.of();

  private final Terminal terminal;

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration =
        options.load(
            terminal, paths, Optional.ofNullable(dataDirectory), Optional.ofNullable(runDirectory));
    requireWritable(configuration.dataDirectory());
    options.openFiles(configuration).warning().ifPresent(log::warn);
    Bridge bridge =
        Bridges.build(
            Bridges.of(configuration, options.source(configuration.specs()))
                .dataDirectory(configuration.dataDirectory())
                .drains(configuration.running().drains())
                .pace(pace(configuration.access()))
                .runTasks(
                    configuration.running().tasks()
                        ? Optional.of(configuration.running().docker())
                        : Optional.empty()));
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    boolean done = serve(bridge, configuration, end) && bridge.await();
    return tell(configuration, done, configuration.leaveOnExit() || !bridge.isWorking());
  }

  private static Pace pace(Access access) {
    return new Pace(access.writesPerSecond(), access.drainsPerSecond());
  }

  /** While it ends, it can still be asked how far it got. */
  private boolean serve(
      Bridge bridge, Configuration configuration, CompletableFuture<Boolean> end) {
    Optional<Door> door = Optional.empty();
    try (bridge) {
      terminal.stops().onFirst(() -> stop(end));
      start(bridge, configuration);
      door = Optional.of(Door.open(bridge, configuration.dataDirectory()));
      mourn(bridge, end);
      return end.join();
    } finally {
      door.ifPresent(Door::close);
    }
  }

  private static void stop(CompletableFuture<Boolean> end) {
    log.info("asked to stop; asked once more, it ends at once");
    end.complete(true);
  }

  private static void start(Bridge bridge, Configuration configuration) {
    try {
      bridge.start();
    } catch (IllegalStateException | UncheckedIOException e) {
      throw new Refusal(e.getMessage());
    }
    log.info(
        "started for owner {}, agent {}, specs {}",
        configuration.owner(),
        configuration.agent(),
        configuration.specs());
  }

  /** A loop that ends although nobody asked it to has met its death; the process goes with it. */
  private static void mourn(Bridge bridge, CompletableFuture<Boolean> end) {
    Thread mourner =
        new Thread(
            () -> {
              try {
                bridge.await();
                end.complete(false);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "connect-bridge-end");
    mourner.setDaemon(true);
    mourner.start();
  }

  private int tell(Configuration configuration, boolean done, boolean left) {
    String outcome = !done ? "incomplete" : left ? "left" : "deregistered";
    log.info("ended: {}", outcome);
    format.print(terminal, () -> "", () -> Documents.ran(configuration.owner(), outcome));
    return done ? Exit.OK : Exit.ERROR;
  }

  private static void requireWritable(Path directory) {
    try {
      DataDirectory.make(directory);
      if (Files.isWritable(directory)) {
        DataDirectory.openness(directory)
            .ifPresent(
                open ->
                    log.warn(
                        "the data directory {} is open to others: {}; tokens of tasks are kept in"
                            + " it, so make it 0700",
                        directory,
                        open));
        return;
      }
    } catch (IOException e) {
      log.debug("no data directory", e);
    }
    throw new Refusal(
        "the data directory %s cannot be written; say another one with --data-dir or data_dir"
            .formatted(directory));
  }
}
