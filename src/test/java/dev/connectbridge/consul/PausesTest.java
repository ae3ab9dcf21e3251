package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PausesTest {
  private final Pauses pauses = Pauses.upTo(Duration.ofMillis(100), 2, Duration.ofSeconds(2));

  @Test
  void theLongestGrowsUpToACap() {
    assertThat(IntStream.of(1, 2, 3, 5, 6, 1_000).mapToLong(tries -> millis(pauses, tries, 1)))
        .containsExactly(100L, 200L, 400L, 1_600L, 2_000L, 2_000L);
  }

  @Test
  void eachIsAnyPartOfIt() {
    assertThat(millis(pauses, 3, 0)).isZero();
    assertThat(millis(pauses, 3, 0.25)).isEqualTo(100);
    assertThat(millis(pauses, 3, 0.5)).isEqualTo(200);
  }

  @Test
  void noneIsShorterThanIsSaidAndTheLongestStays() {
    Pauses some = pauses.from(Duration.ofMillis(20));

    assertThat(millis(some, 1, 0)).isEqualTo(20);
    assertThat(millis(some, 1, 0.5)).isEqualTo(60);
    assertThat(millis(some, 1, 1)).isEqualTo(100);
    assertThat(millis(pauses.from(Duration.ofSeconds(1)), 1, 0.5)).isEqualTo(1_000);
  }

  private static long millis(Pauses pauses, int tries, double chance) {
    return pauses.after(tries, chance).toMillis();
  }
}
