package dev.connectbridge.supervise;

import dev.connectbridge.testing.Histories;
import dev.connectbridge.testing.QuietLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The storms would tell: each fault that is planted is found within a thousand of them. */
class PlantedStormsTest {
  private static final QuietLog LOG = new QuietLog();

  @AfterAll
  static void logAgain() {
    LOG.close();
  }

  @ParameterizedTest
  @EnumSource(StormPlants.class)
  void aPlantedFaultIsFound(StormPlants plant) {
    Histories.find(plant, seed -> SupervisorPropertyTest.live(seed, plant));
  }
}
