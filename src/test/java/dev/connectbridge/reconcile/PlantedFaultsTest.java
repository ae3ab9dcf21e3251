package dev.connectbridge.reconcile;

import dev.connectbridge.testing.Histories;
import dev.connectbridge.testing.QuietLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The histories would tell: each fault that is planted is found within a thousand of them. */
class PlantedFaultsTest {
  private static final QuietLog LOG = new QuietLog();

  @AfterAll
  static void logAgain() {
    LOG.close();
  }

  @ParameterizedTest
  @EnumSource(Plants.class)
  void aPlantedFaultIsFound(Plants plant) {
    Histories.find(plant, seed -> ReconcilerPropertyTest.live(seed, plant));
  }
}
