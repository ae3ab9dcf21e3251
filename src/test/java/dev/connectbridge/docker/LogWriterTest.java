package dev.connectbridge.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.sidecar.TaskLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogWriterTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.000000001Z");

  @TempDir private Path directory;

  @Test
  void eachStreamHasItsFileAndItsTimesAreLeftOut() throws IOException {
    try (LogWriter writer = open("c1", 3, 1000)) {
      writer.replay();
      writer.frame(false, piece(0, "out\n"));
      writer.frame(true, piece(1, "err\n"));
      writer.frame(false, ByteString.encodeUtf8("no time\n"));
      writer.pause();
    }

    assertThat(file("stdout.0")).hasContent("out\nno time");
    assertThat(file("stderr.0")).hasContent("err");
  }

  @Test
  void filesAreRotatedAndTheOldestGoes() throws IOException {
    try (LogWriter writer = open("c1", 3, 10)) {
      for (int i = 0; i < 9; i++) {
        writer.frame(false, piece(i, "line" + i + "\n")); // a file holds one
      }
      writer.frame(false, piece(10, "longer than a file\n"));
      writer.pause();
    }

    assertThat(file("stdout.0")).hasContent("longer than a file");
    assertThat(file("stdout.1")).hasContent("line8");
    assertThat(file("stdout.2")).hasContent("line7");
    assertThat(file("stdout.3")).doesNotExist();
  }

  @Test
  void oneFileIsBegunAnew() throws IOException {
    try (LogWriter writer = open("c1", 1, 10)) {
      writer.frame(false, piece(0, "line0\n"));
      writer.frame(false, piece(1, "line1\n"));
      writer.pause();
    }

    assertThat(file("stdout.0")).hasContent("line1");
    assertThat(file("stdout.1")).doesNotExist();
  }

  @Test
  void whatALargerNumberOfFilesHasLeftGoesWithTheNextTurn() throws IOException {
    for (int number = 1; number < 6; number++) {
      Files.writeString(file("stdout." + number), "old");
    }

    try (LogWriter writer = open("c1", 3, 10)) {
      writer.frame(false, piece(0, "line0\n"));
      writer.frame(false, piece(1, "line1\n"));
      writer.pause();
    }

    assertThat(file("stdout.1")).hasContent("line0");
    assertThat(file("stdout.2")).hasContent("old");
    assertThat(file("stdout.3")).doesNotExist();
    assertThat(file("stdout.5")).doesNotExist();
  }

  @Test
  void anotherContainerIsReadFromItsBeginning() throws IOException {
    try (LogWriter writer = open("c1", 1, 100)) {
      writer.frame(false, piece(5, "one\n"));
      writer.pause();
    }
    try (LogWriter writer = open("c2", 1, 100)) {
      assertThat(writer.since()).isEmpty();
      writer.replay();
      writer.frame(false, piece(4, "two\n"));
      writer.pause();
    }

    assertThat(file("stdout.0")).hasContent("one\ntwo");
  }

  @Test
  void aNoteThatIsNotOursIsAsGoodAsNone() throws IOException {
    open("c1", 1, 100).close();
    Files.writeString(directory.resolve(".task.read"), "c1 what,1 is this, here");

    try (LogWriter writer = open("c1", 1, 100)) {
      assertThat(writer.since()).isEmpty();
    }
  }

  @Test
  void aClockThatIsSetBackSilencesNobody() throws IOException {
    try (LogWriter writer = open("c1", 1, 100)) {
      writer.replay();
      writer.frame(false, piece(9, "one\n"));
      writer.frame(false, piece(2, "two\n"));
      writer.pause();
    }

    assertThat(file("stdout.0")).hasContent("one\ntwo");
  }

  /** Killed at any point, it writes each piece once: those of a long line bear one time. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whoeverIsKilledGoesOnWhereItStopped(long seed) throws IOException {
    Random random = new Random(seed);
    List<ByteString> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(piece(i / 3, "piece " + i + "\n"));
    }
    int turns = 0;
    while (!readOnce(all, random) && turns < 10_000) {
      turns++;
    }

    Buffer kept = new Buffer();
    for (int number = 49; number >= 0; number--) {
      Path file = file("stdout." + number);
      if (Files.exists(file)) {
        kept.write(Files.readAllBytes(file));
      }
    }
    Buffer wanted = new Buffer();
    all.forEach(piece -> wanted.write(piece, 31, piece.size() - 31));
    assertThat(kept.readUtf8()).isEqualTo(wanted.readUtf8());
    assertThat(turns).isGreaterThan(3);
  }

  /** Returns whether it came to the end. */
  private boolean readOnce(List<ByteString> all, Random random) throws IOException {
    try (LogWriter writer = open("c1", 50, 300)) {
      Instant since = writer.since().orElse(Instant.EPOCH);
      writer.replay();
      for (ByteString piece : all) {
        if (Instant.parse(piece.substring(0, 30).utf8()).isBefore(since)) {
          continue;
        }
        writer.frame(false, piece);
        if (random.nextInt(4) == 0) {
          writer.pause();
        }
        if (random.nextInt(40) == 0) {
          // Killed after a write that is not noted down yet.
          byte[] lost = "written and not noted".getBytes(UTF_8);
          Files.write(file("stdout.0"), lost, StandardOpenOption.APPEND);
          return false;
        }
      }
      writer.pause();
      return true;
    }
  }

  private LogWriter open(String container, int files, long bytes) throws IOException {
    return LogWriter.open(new TaskLogs(directory.resolve("task"), files, bytes), container);
  }

  private Path file(String end) {
    return directory.resolve("task." + end);
  }

  private static ByteString piece(int second, String text) {
    return ByteString.encodeUtf8(NOON.plusSeconds(second) + " " + text);
  }
}
