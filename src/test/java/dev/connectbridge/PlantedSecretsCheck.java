package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.ConsulBinary;
import dev.connectbridge.testing.Planted;
import dev.connectbridge.testing.Produced;
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
 * they tested have printed, logged, written and answered.
 */
class PlantedSecretsCheck {
  private static final List<Path> REPORTS =
      List.of(Path.of("target", "surefire-reports"), Path.of("target", "failsafe-reports"));

  @Test
  void nothingThatWasProducedHoldsAPlantedSecret() throws IOException {
    Set<String> secrets = Planted.all();
    List<Path> reports = new ArrayList<>();
    for (Path directory : REPORTS) {
      reports.addAll(below(directory));
    }
    List<Path> produced = below(Produced.ALL);
    long daemons = produced.stream().map(PlantedSecretsCheck::daemon).distinct().count() - 1;
    List<String> found = new ArrayList<>();
    for (Path file : Stream.concat(reports.stream(), produced.stream()).toList()) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      secrets.stream()
          .filter(text::contains)
          .forEach(secret -> found.add(file + " holds " + secret.substring(0, 6) + "…"));
    }
    System.out.printf(
        "%d planted secrets: looked for in %d reports and %d files that %d daemons and the commands"
            + " left, found %d times%n",
        secrets.size(), reports.size(), produced.size(), Math.max(0, daemons), found.size());

    assertThat(found).isEmpty();
    if (System.getProperty("it.test") == null) { // all ran, but where there is no Consul
      ConsulBinary.get();
      assertThat(daemons).as("daemons whose logs were looked through").isPositive();
    }
  }

  /** Returns the directory of the daemon that left a file, and the top for all other files. */
  private static Path daemon(Path file) {
    Path below = Produced.ALL.relativize(file);
    return below.getNameCount() > 2 && Produced.DAEMON.matcher(below.getName(1) + "").matches()
        ? below.subpath(0, 2)
        : Produced.ALL;
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
