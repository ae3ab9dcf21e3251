package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Planted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs after all other tests, and looks for the secrets that they planted in all that they and what
 * they tested have printed: logs, exceptions, answers of commands.
 */
class PlantedSecretsCheck {
  private static final List<Path> REPORTS =
      List.of(Path.of("target", "surefire-reports"), Path.of("target", "failsafe-reports"));

  @Test
  void nothingThatWasPrintedHoldsAPlantedSecret() throws IOException {
    Set<String> secrets = Planted.all();
    List<String> found = new ArrayList<>();
    int files = 0;
    for (Path reports : REPORTS) {
      for (Path file : below(reports)) {
        files++;
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        secrets.stream()
            .filter(text::contains)
            .forEach(secret -> found.add(file + " holds " + secret.substring(0, 6) + "…"));
      }
    }
    System.out.printf("%d planted secrets are in none of %d reports%n", secrets.size(), files);

    assertThat(found).isEmpty();
  }

  private static List<Path> below(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
