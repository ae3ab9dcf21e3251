package dev.connectbridge.testing;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as Go writes it. */
final class GoTime {
  private static final Pattern PART = Pattern.compile("([0-9]*\\.?[0-9]*)([^0-9.+-]*)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoTime() {}

  /** Returns the nanoseconds; what is no length of time is refused in Go's words. */
  static long nanos(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    boolean minus = text.startsWith("-");
    String rest = minus || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0;
    }
    long nanos = 0;
    Matcher part = PART.matcher(rest);
    int at = 0;
    while (at < rest.length()) {
      if (!part.find(at) || part.start() != at || part.group(1).replace(".", "").isEmpty()) {
        throw GoBody.failed("time: invalid duration \"" + text + "\"");
      }
      nanos += new BigDecimal(part.group(1)).multiply(new BigDecimal(unit(part, text))).longValue();
      at = part.end();
    }
    return minus ? -nanos : nanos;
  }

  private static long unit(Matcher part, String text) {
    if (part.group(2).isEmpty()) {
      throw GoBody.failed("time: missing unit in duration \"" + text + "\"");
    }
    if (!UNITS.containsKey(part.group(2))) {
      throw GoBody.failed(
          "time: unknown unit \"%s\" in duration \"%s\"".formatted(part.group(2), text));
    }
    return UNITS.get(part.group(2));
  }

  /** Returns a length of time, or nothing where it is none. */
  static Optional<Duration> of(String text) {
    try {
      return Optional.of(Duration.ofNanos(nanos(text)));
    } catch (Refused e) {
      return Optional.empty();
    }
  }
}
