package dev.connectbridge.exec;

import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.spec.TaskSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.stream.Collectors;

/** A note as lines of a file. */
final class NoteLines {
  private final Properties lines;

  private NoteLines(Properties lines) {
    this.lines = lines;
  }

  static Properties of(Note note) {
    NoteLines text = new NoteLines(new Properties());
    text.put("owner", note.mark().owner());
    text.put("id", note.mark().id());
    text.put("hash", note.mark().hash());
    note.leader().ifPresent(text::put);
    note.output().ifPresent(text::put);
    text.put("groups", note.groups().stream().map(Path::toString).collect(Collectors.joining(":")));
    note.exit().ifPresent(text::put);
    return text.lines;
  }

  private void put(Note.Leader leader) {
    put("pid", leader.pid());
    put("start", leader.start());
    put("boot", leader.boot());
  }

  private void put(Note.Output output) {
    put("logs.directory", output.directory());
    put("logs.task", output.task());
    put("logs.disabled", output.logs().disabled());
    output.logs().maxFiles().ifPresent(files -> put("logs.max_files", files));
    output.logs().maxFileSizeMb().ifPresent(size -> put("logs.max_file_size", size));
  }

  private void put(Exit exit) {
    put("exit", exit.outOfMemory() ? "out of memory" : "seen");
    exit.code().ifPresent(code -> put("exit.code", code));
    exit.signal().ifPresent(signal -> put("exit.signal", signal));
  }

  private void put(String key, Object value) {
    lines.setProperty(key, value.toString());
  }

  /**
   * Returns the note that lines tell.
   *
   * @throws IllegalArgumentException when they tell none
   */
  static Note note(Properties lines) {
    NoteLines text = new NoteLines(lines);
    return new Note(
        new Mark(text.line("owner"), new TaskId(text.line("id")), text.line("hash")),
        text.leader(),
        text.output(),
        List.of(text.line("groups").split(":", -1)).stream()
            .filter(path -> !path.isEmpty())
            .map(Path::of)
            .toList(),
        text.exit());
  }

  private Optional<Note.Leader> leader() {
    return has("pid")
        ? Optional.of(
            new Note.Leader(
                Long.parseLong(line("pid")), Long.parseLong(line("start")), line("boot")))
        : Optional.empty();
  }

  private Optional<Note.Output> output() {
    return has("logs.directory")
        ? Optional.of(
            new Note.Output(
                Path.of(line("logs.directory")),
                line("logs.task"),
                new TaskSpec.Logs(
                    number("logs.max_files"),
                    number("logs.max_file_size"),
                    Boolean.parseBoolean(line("logs.disabled")))))
        : Optional.empty();
  }

  private Optional<Exit> exit() {
    return has("exit")
        ? Optional.of(
            new Exit(
                number("exit.code"), number("exit.signal"), line("exit").equals("out of memory")))
        : Optional.empty();
  }

  private OptionalInt number(String key) {
    return has(key) ? OptionalInt.of(Integer.parseInt(line(key))) : OptionalInt.empty();
  }

  private boolean has(String key) {
    return lines.getProperty(key) != null;
  }

  private String line(String key) {
    if (!has(key)) {
      throw new IllegalArgumentException("the note has no " + key);
    }
    return lines.getProperty(key);
  }
}
