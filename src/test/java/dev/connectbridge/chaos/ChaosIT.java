package dev.connectbridge.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything goes wrong, at random, on a real Consul: it ends converged every time, strangers'
 * entries are as they were, no task is orphaned, and at rest nothing is written.
 */
@Tag("bench")
@RunsBeside
class ChaosIT {
  private static final EnumSet<Fault> QUICK =
      EnumSet.complementOf(EnumSet.of(Fault.AGENT_KILLED, Fault.AGENT_ENDED));

  @TempDir private Path temp;

  @Test
  void anAgentThatForgetsEverythingWhenItEnds() throws IOException {
    long seed = Long.getLong("chaos.seed", System.nanoTime());
    survive(false, seed, all(EnumSet.allOf(Fault.class), seed, rounds(1)));
  }

  @Test
  void anAgentThatRemembers() throws IOException {
    long seed = Long.getLong("chaos.seed", System.nanoTime());
    List<Fault> faults = all(rounds(1) == 1 ? QUICK : EnumSet.allOf(Fault.class), seed, rounds(1));
    faults.add(Fault.AGENT_KILLED);
    survive(true, seed, faults);
  }

  /** Returns how often each fault happens: in the bench for some ten minutes in all. */
  private static int rounds(int inTheBuild) {
    return Integer.getInteger("bench.rounds", 1) > 1 ? 20 : inTheBuild;
  }

  private static List<Fault> all(EnumSet<Fault> kinds, long seed, int times) {
    List<Fault> faults = new ArrayList<>();
    for (int time = 0; time < times; time++) {
      faults.addAll(kinds);
    }
    Collections.shuffle(faults, new Random(seed));
    return faults;
  }

  private void survive(boolean persistent, long seed, List<Fault> faults) throws IOException {
    System.out.println("table: ChaosIT, seed " + seed + (persistent ? ", persistent" : ", dev"));
    try (Chaos chaos = new Chaos(temp, persistent, seed)) {
      chaos.begin();
      Fault[] row = faults.toArray(Fault[]::new);
      for (int from = 0; from < row.length; from += 3) {
        chaos.round(Arrays.copyOfRange(row, from, Math.min(row.length, from + 3)));
      }
      assertThat(chaos.atRest()).isEmpty();
      assertThat(chaos.end()).isEmpty();
      System.out.println("chaos: " + chaos.report());
    }
  }
}
