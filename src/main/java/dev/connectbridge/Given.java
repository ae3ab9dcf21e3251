package dev.connectbridge;

import java.time.Duration;
import java.util.List;

/** What a program hands over, refused at once where it cannot be meant. */
final class Given {
  private Given() {}

  static <T> T notNull(String what, T value) {
    if (value == null) {
      throw new IllegalArgumentException(what + " is null");
    }
    return value;
  }

  static String text(String what, String text) {
    if (notNull(what, text).isBlank()) {
      throw new IllegalArgumentException(what + " is empty");
    }
    return text;
  }

  static String oneOf(String what, String text, String... words) {
    if (!List.of(words).contains(notNull(what, text))) {
      throw new IllegalArgumentException(
          "%s is one of %s, not %s".formatted(what, String.join(", ", words), text));
    }
    return text;
  }

  static int port(String what, int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("%s is between 1 and 65535, not %d".formatted(what, port));
    }
    return port;
  }

  static int notNegative(String what, int number) {
    if (number < 0) {
      throw new IllegalArgumentException("%s is negative: %d".formatted(what, number));
    }
    return number;
  }

  static Duration notNegative(String what, Duration duration) {
    if (notNull(what, duration).isNegative()) {
      throw new IllegalArgumentException("%s is negative: %s".formatted(what, duration));
    }
    return duration;
  }
}
