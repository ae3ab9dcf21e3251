package dev.connectbridge.cli;

import dev.connectbridge.testing.GoldenFile;
import java.nio.file.Path;

/** What was printed once and looked at; {@code -Dgoldens=write} writes it anew. */
final class Golden {
  private static final Path GOLDENS = Path.of("src/test/resources/golden/cli");

  private Golden() {}

  static void matches(String name, String printed) {
    GoldenFile.matches(GOLDENS.resolve(name), printed);
  }
}
