package dev.connectbridge.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortJournalTest {
  @TempDir private Path top;

  private PortJournal journal() {
    return new PortJournal(top.resolve("data"), "default");
  }

  private Path file() {
    return top.resolve("data/ports-default");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    TreeMap<String, Integer> ports = new TreeMap<>(Map.of("a/http", 20000, "b/a b", 65535));

    journal().write(ports);

    assertThat(journal().read()).isEqualTo(ports);
    journal().write(new TreeMap<>());
    assertThat(journal().read()).isEmpty();
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    journal().write(new TreeMap<>(Map.of("a/http", 20000)));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(DataDirectory.openness(file().getParent())).isEmpty();
  }

  @Test
  void whereNothingWasWrittenNothingIsKnown() {
    assertThat(journal().read()).isEmpty();
  }

  @Test
  void twoOwnersKeepTheirOwn() {
    journal().write(new TreeMap<>(Map.of("a/http", 20000)));

    assertThat(new PortJournal(top.resolve("data"), "other").read()).isEmpty();
  }

  @Test
  void linesThatMakeNoSenseArePassedOver() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(
        file(),
        "a/http 20000\n\nnothing\n 7\nb/http x\nc/http 123456\nd/http 0\ne/http 70000\nf/http -1\n"
            + "g/http 20001");

    assertThat(journal().read())
        .containsExactlyInAnyOrderEntriesOf(Map.of("a/http", 20000, "g/http", 20001));
  }

  @Test
  void bytesThatAreNoTextAreNoReasonNotToStart() throws IOException {
    Files.createDirectories(file().getParent());
    Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe, 0, '\n', 'a', ' ', '9', '\n'});

    assertThat(journal().read()).isEqualTo(Map.of("a", 9));
  }

  @Test
  void aCrashBeforeTheMoveLeavesTheOldOne() throws IOException {
    journal().write(new TreeMap<>(Map.of("a/http", 20000)));
    Files.writeString(file().resolveSibling("ports-default.new"), "a/http 3000");

    assertThat(journal().read()).isEqualTo(Map.of("a/http", 20000));
    journal().write(new TreeMap<>(Map.of("b/http", 20001)));
    assertThat(journal().read()).isEqualTo(Map.of("b/http", 20001));
    assertThat(file().resolveSibling("ports-default.new")).doesNotExist();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsSaid() throws IOException {
    Files.writeString(top.resolve("data"), "a file stands in the way");

    assertThatThrownBy(() -> journal().write(new TreeMap<>(Map.of("a/http", 20000))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot write " + file());
  }
}
