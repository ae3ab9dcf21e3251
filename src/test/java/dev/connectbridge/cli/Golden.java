package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was printed once and looked at; {@code -Dgoldens=write} writes it anew. */
final class Golden {
  private static final Path GOLDENS = Path.of("src/test/resources/golden/cli");

  private Golden() {}

  static void matches(String name, String printed) {
    Path file = GOLDENS.resolve(name);
    try {
      if (System.getProperty("goldens", "").equals("write")) {
        Files.createDirectories(GOLDENS);
        Files.writeString(file, printed);
      }
      assertThat(printed).as(name).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
