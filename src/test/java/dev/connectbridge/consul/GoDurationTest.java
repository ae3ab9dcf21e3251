package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S,0ms",
    "PT10S,10s",
    "PT1M,1m0s",
    "PT61S,1m1s",
    "PT1.5S,1.5s",
    "PT0.25S,250ms",
    "PT0.0005S,0.5ms",
    "PT1H,1h0m0s",
    "PT25H1M1.001S,25h1m1.001s",
    "PT60.5S,1m0.5s"
  })
  void isWrittenAsGoWritesIt(Duration duration, String text) {
    assertThat(GoDuration.of(duration)).isEqualTo(text);
  }
}
