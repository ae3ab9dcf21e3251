package dev.connectbridge.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendLogTest {
  @TempDir private Path temp;

  private Path file() {
    return temp.resolve("data/drains.jsonl");
  }

  @Test
  void whatWasAddedIsThere() throws IOException {
    AppendLog log = new AppendLog(file(), 0);

    log.append("one");
    log.append("two");

    assertThat(new AppendLog(file(), 0).lines()).containsExactly("one", "two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void whereThereIsNoFileThereAreNoLines() throws IOException {
    assertThat(new AppendLog(file(), 0).lines()).isEmpty();
  }

  @Test
  void aTornLastLineIsNobodysAndTheNextStandsAlone() throws IOException {
    AppendLog log = new AppendLog(file(), 0);
    log.append("one");
    Files.writeString(file(), "tw", StandardOpenOption.APPEND);

    assertThat(log.lines()).containsExactly("one");

    log.append("three");

    assertThat(log.lines()).containsExactly("one", "tw", "three");
  }

  @Test
  void aFileThatIsFullIsPutAside() throws IOException {
    AppendLog log = new AppendLog(file(), 8);

    log.append("1234567");
    log.append("next");

    assertThat(log.lines()).containsExactly("next");
    assertThat(temp.resolve("data/drains.jsonl.1")).hasContent("1234567");
  }

  @Test
  void otherLinesTakeThePlaceOfAll() throws IOException {
    AppendLog log = new AppendLog(file(), 0);
    log.append("one");

    log.replace(List.of("two", "three"));
    log.append("four");

    assertThat(log.lines()).containsExactly("two", "three", "four");
  }

  @Test
  void whatCannotBeWrittenIsSaid() throws IOException {
    Files.createFile(temp.resolve("data"));

    assertThatThrownBy(() -> new AppendLog(file(), 0).append("one"))
        .isInstanceOf(IOException.class);
  }
}
