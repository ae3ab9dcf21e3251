package dev.connectbridge.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.spec.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRotationTest {
  private static final int MB = 1024 * 1024;

  @TempDir private Path logs;

  private LogRotation rotation(int files, int megabytes) throws IOException {
    LogRotation rotation = new LogRotation(logs, "proxy", TaskSpec.Logs.of(files, megabytes));
    rotation.open();
    return rotation;
  }

  private void append(String stream, String first, int length) throws IOException {
    Files.writeString(
        logs.resolve("proxy." + stream + ".0"),
        first + "x".repeat(length - first.length()),
        StandardOpenOption.APPEND);
  }

  private List<String> firsts(String stream) throws IOException {
    try (Stream<Path> files = Files.list(logs)) {
      return files
          .filter(file -> file.getFileName().toString().contains(stream))
          .sorted()
          .map(LogRotationTest::first)
          .toList();
    }
  }

  private static String first(Path file) {
    try {
      String text = Files.readString(file);
      return text.isEmpty() ? "empty" : text.substring(0, 1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aFullFileIsCopiedOnwardAndTheOldestGoes() throws IOException {
    LogRotation rotation = rotation(3, 1);

    for (String turn : List.of("a", "b", "c", "d")) {
      append("stdout", turn, MB + 1);
      rotation.rotate();
    }

    assertThat(firsts("stdout")).containsExactly("empty", "d", "c");
    assertThat(firsts("stderr")).containsExactly("empty");
    assertThat(logs.resolve("proxy.stdout.1")).hasSize(MB + 1);
  }

  @Test
  void ofATaskThatWritesFasterThanItIsRotatedTheNewestIsKept() throws IOException {
    LogRotation rotation = rotation(3, 1);
    append("stdout", "a", 5 * MB);
    append("stdout", "b", MB);
    append("stdout", "c", MB);

    rotation.rotate();

    assertThat(firsts("stdout")).containsExactly("empty", "b");
    assertThat(logs.resolve("proxy.stdout.1")).hasSize(2 * MB);
  }

  @Test
  void aFileThatIsNotFullStays() throws IOException {
    LogRotation rotation = rotation(3, 1);
    append("stderr", "a", MB);

    rotation.rotate();

    assertThat(firsts("stderr")).containsExactly("a");
  }

  @Test
  void theFileStaysTheOneThatTheTaskHasOpen() throws IOException {
    LogRotation rotation = rotation(2, 1);
    try (var open = Files.newOutputStream(rotation.stdout(), StandardOpenOption.APPEND)) {
      open.write(new byte[MB + 1]);
      rotation.rotate();
      open.write('z');
    }

    assertThat(rotation.stdout()).hasContent("z");
  }

  @Test
  void oneFileIsOnlyEmptied() throws IOException {
    LogRotation rotation = rotation(1, 1);
    append("stdout", "a", MB + 1);

    rotation.rotate();

    assertThat(firsts("stdout")).containsExactly("empty");
  }

  @Test
  void filesBeyondANumberThatWasLoweredGo() throws IOException {
    LogRotation many = rotation(5, 1);
    for (String turn : List.of("a", "b", "c", "d", "e")) {
      append("stdout", turn, MB + 1);
      many.rotate();
    }
    append("stdout", "f", MB + 1);

    rotation(2, 1).rotate();

    assertThat(firsts("stdout")).containsExactly("empty", "f");
  }

  @Test
  void unsaidIsTenFilesOfTenMegabytes() throws IOException {
    LogRotation rotation = new LogRotation(logs, "proxy", TaskSpec.Logs.UNSAID);
    rotation.open();
    append("stdout", "a", 10 * MB);
    rotation.rotate();
    assertThat(firsts("stdout")).containsExactly("a");

    for (int turn = 0; turn < 12; turn++) {
      append("stdout", "b", 10 * MB + 1);
      rotation.rotate();
    }

    assertThat(firsts("stdout")).hasSize(10);
  }

  @Test
  void everyFileIsOursAlone() throws IOException {
    LogRotation rotation = rotation(2, 1);
    append("stdout", "a", MB + 1);
    rotation.rotate();

    for (String name : List.of("proxy.stdout.0", "proxy.stdout.1", "proxy.stderr.0")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(logs.resolve(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void whatCannotBeCopiedIsEmptiedAllTheSame() throws IOException {
    LogRotation rotation = rotation(2, 1);
    append("stdout", "a", MB + 1);
    Files.createDirectories(logs.resolve("proxy.stdout.1.copy/in-the-way"));

    assertThatThrownBy(rotation::rotate).isInstanceOf(IOException.class);

    assertThat(rotation.stdout()).isEmptyFile();
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path target = Files.writeString(logs.resolve("target"), "precious");
    Files.createSymbolicLink(logs.resolve("proxy.stdout.0"), target);

    assertThatThrownBy(() -> rotation(2, 1)).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsDisabledGoesNowhere() throws IOException {
    LogRotation rotation =
        new LogRotation(
            logs, "proxy", new TaskSpec.Logs(OptionalInt.empty(), OptionalInt.empty(), true));

    assertThat(rotation.open()).isEmpty();
    rotation.rotate();

    assertThat(rotation.stdout()).isEqualTo(Path.of("/dev/null"));
    assertThat(rotation.stderr()).isEqualTo(Path.of("/dev/null"));
    assertThat(logs).isEmptyDirectory();
  }
}
