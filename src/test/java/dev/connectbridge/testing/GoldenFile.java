package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that was made once and looked at; {@code -Dgoldens=write} writes it anew. */
public final class GoldenFile {
  private GoldenFile() {}

  /** Checks that a file holds what is made now. */
  public static void matches(Path file, String made) {
    try {
      if (System.getProperty("goldens", "").equals("write")) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, made);
      }
      assertThat(made).as(file.getFileName().toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
