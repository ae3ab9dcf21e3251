package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  // spotless:off
  @ParameterizedTest
  @CsvSource({
      "5s, 5000000000", "1m30s, 90000000000", "1.5h, 5400000000000", "300ms, 300000000", "-3s, -3000000000",
      "+3s, 3000000000", "0, 0", "-0, 0", "0s, 0", ".5s, 500000000", "1.s, 1000000000", "1us, 1000", "1µs, 1000",
      "1μs, 1000", "7ns, 7", "0.5ns, 0", "2562047h47m16.854775807s, 9223372036854775807",
  })
  // spotless:on
  void aSpanOfTimeIsWrittenAsInGo(String text, long nanoseconds) {
    assertThat(Durations.parse(text)).contains(Duration.ofNanos(nanoseconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "-",
        "5 s",
        "5d",
        "1h-2m",
        "5S",
        "1e3s",
        ".s",
        "5s5",
        "2562048h",
        "1,5s"
      })
  void anythingElseIsNone(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @Test
  void aVeryLongTextIsNone() {
    assertThat(Durations.parse("1s".repeat(100_000))).isEmpty();
  }
}
