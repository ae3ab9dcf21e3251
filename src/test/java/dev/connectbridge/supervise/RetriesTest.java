package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetriesTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration MOMENT = Duration.ofMillis(20);

  @ParameterizedTest
  @CsvSource({
    "UNREACHABLE, 50, 700",
    "NOT_SENT, 50, 700",
    "TIMEOUT, 50, 700",
    "OVERLOADED, 100, 5000",
    "BROKEN, 100, 5000",
    "GARBLED, 100, 5000",
    "FORBIDDEN, 1000, 10000",
    "REFUSED, 1000, 10000"
  })
  void whatWentWrongDecidesHowLongItTakes(Kind kind, long first, long longest) {
    assertThat(Retries.pause(kind, 1, 1, NONE)).hasMillis(first);
    assertThat(Retries.pause(kind, 1_000, 1, NONE)).hasMillis(longest);
  }

  @ParameterizedTest
  @EnumSource
  void chanceTakesAllOfIt(Kind kind) {
    assertThat(Retries.pause(kind, 20, 0, NONE)).isEqualTo(MOMENT);
    assertThat(Retries.pause(kind, 20, 0.5, NONE))
        .isEqualTo(Retries.pause(kind, 20, 1, NONE).dividedBy(2));
  }

  @Test
  void aDeadlineIsNeverSleptThrough() {
    Duration left = Duration.ofSeconds(30);
    int tries = 0;
    while (left.compareTo(MOMENT) > 0) {
      Duration pause = Retries.pause(Kind.FORBIDDEN, ++tries, 1, left);
      assertThat(pause).isLessThan(left);
      left = left.minus(pause);
    }
    assertThat(tries).isBetween(10, 20);
  }
}
