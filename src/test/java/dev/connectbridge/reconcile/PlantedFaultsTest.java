package dev.connectbridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Histories;
import dev.connectbridge.testing.Histories.Found;
import dev.connectbridge.testing.QuietLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The histories would tell: each fault that is planted is found within a thousand of them, by what
 * it breaks, and the history that finds it finds nothing where nothing is planted.
 */
class PlantedFaultsTest {
  private static final QuietLog LOG = new QuietLog();

  @AfterAll
  static void logAgain() {
    LOG.close();
  }

  @ParameterizedTest
  @EnumSource(Plants.class)
  void aPlantedFaultIsFound(Plants plant) {
    Found found = Histories.find(plant, seed -> ReconcilerPropertyTest.live(seed, plant));

    assertThat(found.by()).matches("(?s)java.lang.AssertionError: (" + broken(plant) + ").*");
    assertThat(ReconcilerPropertyTest.live(found.seed(), Plant.NONE)).isEmpty();
  }

  private static String broken(Plants plant) {
    return switch (plant) {
      // Without consent neither most of it goes, nor anything of an agent that is another one.
      case GUARD_OFF -> "guard:";
      case NODE_IGNORED -> "guard: the agent is another one";
      case OWNER_IGNORED, STRANGERS_IGNORED, FIRST_LIST_TRUSTED -> "I1:";
      // Whoever sees nothing writes over strangers, and leaves a sidecar that stands alone.
      case READ_ERROR_AS_EMPTY -> "I1:|I7:";
      case COMPLETE_IGNORED, BROKEN_FILE_AS_EMPTY -> "I2:";
      case TIMEOUT_AS_DONE, HALF_WRITTEN -> "I4:";
      case PARENT_FIRST, SIDECAR_FORGOTTEN, ORPHANS_IGNORED -> "I7:";
      // Whoever does not look again does not see either what a newer writer has written since.
      case FIRST_LOOK_KEPT, EPOCH_IGNORED, EPOCH_NOT_LOOKED_AT_AGAIN, LOCK_NOT_LOOKED_AT_AGAIN ->
          "I9:";
      case ONE_ENDS_ALL, REMOVAL_ENDS_ALL -> "I10:";
      // What differs each time is taken for somebody's edits and given way to, until a new process.
      case WRITES_AT_REST -> "I11:";
      case ORDER_MATTERS -> "I13:";
      case TOKEN_TOLD -> "I14:";
    };
  }
}
