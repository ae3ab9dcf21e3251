package dev.connectbridge.exec;

import dev.connectbridge.sidecar.LogRotation;
import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.spec.Spelling;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Makes a process of an order. */
final class Starter {
  private final Accounts accounts;
  private final ControlGroups controlGroups;
  private final Notes notes;
  private final Family family;

  Starter(Accounts accounts, ControlGroups controlGroups, Notes notes, Family family) {
    this.accounts = accounts;
    this.controlGroups = controlGroups;
    this.notes = notes;
    this.family = family;
  }

  /**
   * A task that was started.
   *
   * @param note what is known of it
   * @param process the process, our child
   */
  record Started(Note note, Process process) {}

  /** Starts a process. Its note is there before it is: whatever happens, its logs are known. */
  Started start(TaskOrder order) throws IOException, TaskException {
    ExecConfig config = ExecConfig.of(order.task().config());
    Note note = Note.of(order);
    Path directory = order.dirs().local().toAbsolutePath();
    SortedMap<String, String> environment = Launch.environment(order.env(), note.mark());
    Optional<Accounts.Account> account = accounts.changeTo(order.task().user());
    Path file = file(config.command(), directory, environment, account);
    LogRotation logs =
        new LogRotation(order.dirs().logs(), order.task().name(), order.task().logs());
    List<Path> files = logs.open();
    if (account.isPresent()) {
      give(order.dirs(), files, account.get());
    }
    note = note.in(controlGroups.make(Notes.fileName(order.id()), order.task().resources()));
    Launch launch =
        new Launch(
            Stream.concat(Stream.of(file.toString()), config.args().stream()).toList(),
            environment,
            directory,
            account,
            note.groups());
    return started(note, launch, logs);
  }

  private Started started(Note note, Launch launch, LogRotation logs) throws IOException {
    boolean up = false;
    try {
      notes.write(note);
      ProcessBuilder builder = launch.builder();
      builder.redirectOutput(Redirect.appendTo(logs.stdout().toFile()));
      builder.redirectError(Redirect.appendTo(logs.stderr().toFile()));
      Process process = builder.start();
      Note known = note.ledBy(family.leader(process.pid()));
      up = true;
      family.awaitSession(known.leader().orElseThrow());
      return new Started(known, process);
    } finally {
      if (!up) {
        notes.remove(note.id());
        ControlGroups.remove(note.groups());
      }
    }
  }

  private static Path file(
      String command,
      Path directory,
      SortedMap<String, String> environment,
      Optional<Accounts.Account> account)
      throws IOException, TaskException {
    Path file =
        Launch.file(command, directory, environment)
            .orElseThrow(
                () ->
                    new TaskException(
                        Kind.REFUSED,
                        "config.command: there is no "
                            + Spelling.quoted(command)
                            + " that can be run on this machine",
                        null));
    if (account.isPresent() && !Accounts.mayExecute(account.get(), file)) {
      throw new TaskException(
          Kind.REFUSED,
          "config.command: user "
              + account.get().name()
              + " may not run "
              + Spelling.quoted(command),
          null);
    }
    return file;
  }

  /** The directory of the logs stays ours: what we open in it again must be what we made. */
  private void give(TaskDirs dirs, List<Path> logs, Accounts.Account account) throws IOException {
    for (Path directory : List.of(dirs.alloc(), dirs.local(), dirs.secrets())) {
      if (Files.isDirectory(directory) && !dirs.logs().startsWith(directory)) {
        accounts.give(directory, account);
      }
    }
    for (Path log : logs) {
      Accounts.chown(log, account);
    }
  }
}
