package dev.connectbridge.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.spec.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotesTest {
  private static final Mark MARK = new Mark("own er=", new TaskId("web.proxy"), "hash");
  private static final Note BARE =
      new Note(MARK, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
  private static final Note FULL =
      new Note(
          MARK,
          Optional.of(new Note.Leader(42, 4711, "boot")),
          Optional.of(
              new Note.Output(
                  Path.of("/var/lög s"),
                  "connect-proxy-web",
                  new TaskSpec.Logs(OptionalInt.of(3), OptionalInt.empty(), true))),
          List.of(Path.of("/sys/a"), Path.of("/sys/b")),
          Optional.of(new Exit(OptionalInt.empty(), OptionalInt.of(9), true)));

  @TempDir private Path top;

  @Test
  void aNoteIsReadBackAsItWasWritten() throws IOException {
    Notes notes = new Notes(top.resolve("tasks"));
    assertThat(notes.all()).isEmpty();

    for (Note note : List.of(BARE, FULL, FULL.ended(Exit.code(1)), FULL.ended(Exit.UNKNOWN))) {
      notes.write(note);

      assertThat(notes.of(note.id())).contains(note);
      assertThat(notes.all()).containsExactly(note);
    }
    notes.remove(FULL.id());
    assertThat(notes.all()).isEmpty();
  }

  @Test
  void aTornNoteIsPassedOver() throws IOException {
    Notes notes = new Notes(top);
    notes.write(FULL);
    Path file = top.resolve("web.proxy.task");
    String whole = Files.readString(file);

    for (int length = 0; length < whole.length(); length++) {
      Files.writeString(file, whole.substring(0, length));
      assertThat(notes.all()).hasSizeLessThan(2);
    }
    Files.writeString(file, "pid=\\u00");
    assertThat(notes.all()).isEmpty();
  }

  @Test
  void aLongNameFitsIntoADirectoryAndStaysItsOwn() {
    String start = "a".repeat(400);

    String one = Notes.fileName(new TaskId(start + "1"));

    assertThat(one).hasSizeLessThan(220).isNotEqualTo(Notes.fileName(new TaskId(start + "2")));
    assertThat(Notes.fileName(new TaskId("short.one"))).isEqualTo("short.one");
  }
}
