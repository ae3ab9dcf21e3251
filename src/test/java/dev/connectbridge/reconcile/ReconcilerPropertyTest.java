package dev.connectbridge.reconcile;

import dev.connectbridge.testing.Histories;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens, in whatever order: a history is all that its seed says. */
class ReconcilerPropertyTest {
  private static final long FIRST = 20261121;
  private static final int HISTORIES = 10_000;

  private final Histories<Trouble> histories =
      new Histories<>(
          "histories of " + Tale.STEPS + " steps",
          Trouble.class,
          (seed, met) -> live(seed, Plant.NONE, met));

  @Test
  void noHistoryEndsElsewhereNorGoesAnUnsafeWay() {
    histories.same(FIRST, HISTORIES);
  }

  @Test
  @Tag("bench")
  void noNewHistoryDoesEither() {
    histories.others();
  }

  /** Returns what was wrong with a history, if anything. */
  static Optional<String> live(long seed, Plant plant) {
    return live(seed, plant, any -> {});
  }

  private static Optional<String> live(long seed, Plant plant, Consumer<Set<Trouble>> met) {
    Tale tale = new Tale(seed, plant);
    try {
      tale.happen();
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      String at = e.getStackTrace().length == 0 ? "" : " " + e.getStackTrace()[0];
      return Optional.of(e + at + "\nseed " + seed + "\n" + tale.told());
    } finally {
      met.accept(tale.met);
    }
  }
}
