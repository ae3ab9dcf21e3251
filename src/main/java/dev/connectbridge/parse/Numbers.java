package dev.connectbridge.parse;

import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.util.Optional;

/** Numbers as they are written, within bounds that no arithmetic chokes on. */
final class Numbers {
  private static final int LONGEST = 100;
  private static final int LARGEST_SCALE = 400;

  private Numbers() {}

  /** Returns the number, or nothing when it is none or beyond all use. */
  static Optional<Value> read(String literal) {
    return decimal(literal).map(Value.Num::new);
  }

  static Optional<BigDecimal> decimal(String literal) {
    if (literal.isEmpty() || literal.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      BigDecimal number = new BigDecimal(literal);
      return Math.abs((long) number.scale()) > LARGEST_SCALE
          ? Optional.empty()
          : Optional.of(number);
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }
}
