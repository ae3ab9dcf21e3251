package dev.connectbridge.consul;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as Go writes them: 10s, 1m0s, 1.5s, 250ms. */
final class GoDuration {
  private GoDuration() {}

  static String of(Duration duration) {
    BigDecimal nanos = BigDecimal.valueOf(duration.toNanos());
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return plain(nanos.movePointLeft(6)) + "ms";
    }
    long minutes = duration.toMinutes();
    String seconds = plain(nanos.movePointLeft(9).remainder(BigDecimal.valueOf(60))) + "s";
    if (minutes == 0) {
      return seconds;
    }
    return minutes < 60
        ? minutes + "m" + seconds
        : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
