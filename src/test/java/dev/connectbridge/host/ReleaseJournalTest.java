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

class ReleaseJournalTest {
  private static final TreeMap<String, String> TWO = new TreeMap<>(Map.of("a", "1", "b", "2"));

  @TempDir private Path top;

  private ReleaseJournal journal() {
    return new ReleaseJournal(top.resolve("data"), "default");
  }

  private Path file() {
    return top.resolve("data/released-default");
  }

  @Test
  void whatIsWrittenIsReadAgainAndOursAlone() throws IOException {
    assertThat(journal().read()).isEmpty();

    journal().write(TWO);

    assertThat(journal().read()).isEqualTo(TWO);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    journal().write(new TreeMap<>());
    assertThat(journal().read()).isEmpty();
  }

  @Test
  void linesThatMakeNoSenseArePassedOver() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "a 1\n\nnothing\n 7\nx y z\nb 2\nc 3");

    assertThat(journal().read()).isEqualTo(TWO);
  }

  @Test
  void whatCannotBeReadOrWrittenIsSaid() throws IOException {
    Files.createDirectories(file().resolve("full"));

    assertThatThrownBy(() -> journal().read()).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> journal().write(TWO)).isInstanceOf(UncheckedIOException.class);
  }
}
