package dev.connectbridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.QuietLog;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The histories would tell: each fault that is planted is found within a thousand of them. */
class PlantedFaultsTest {
  private static final int HISTORIES = 1000;
  private static final QuietLog LOG = new QuietLog();

  @AfterAll
  static void logAgain() {
    LOG.close();
  }

  @ParameterizedTest
  @EnumSource(Plants.class)
  void aPlantedFaultIsFound(Plants plant) {
    int tried = 0;
    Optional<String> found = Optional.empty();
    while (found.isEmpty() && tried < HISTORIES) {
      found = ReconcilerPropertyTest.live(tried++, plant);
    }

    assertThat(found).as("%s in %d histories", plant, tried).isPresent();
    System.out.printf(
        "planted: %-20s found in history %3d by %s%n",
        plant, tried, found.get().lines().findFirst().orElse("").replaceAll(" dev\\..*", ""));
  }
}
