package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.math.MathContext;

/** Reads and computes numbers, none so large that working with it would take long. */
final class Numbers {
  private static final int MOST_DIGITS = 400;
  private static final MathContext PRECISION = new MathContext(150);

  private Numbers() {}

  static Value.Num read(Cursor cursor) {
    Place place = cursor.here();
    int start = cursor.position();
    digits(cursor);
    int whole = cursor.position();
    if (cursor.take(".") && !digits(cursor)) {
      cursor.moveTo(whole);
    }
    exponent(cursor);
    String written = cursor.since(start);
    if (!Found.isBoundary(cursor)) {
      throw new Fault(
          place,
          "expected a number, found \"%s\" (numbers are decimal; texts stand in quotes)"
              .formatted(Found.shortened(written + cursor.name())));
    }
    return number(written, place);
  }

  /** Reads the whole number behind a dot; what follows may be the next dot. */
  static Value.Num whole(Cursor cursor) {
    Place place = cursor.here();
    int start = cursor.position();
    digits(cursor);
    return number(cursor.since(start), place);
  }

  static Value.Num number(String written, Place place) {
    if (written.length() > MOST_DIGITS) {
      throw new Fault(place, "this number is too long: at most " + MOST_DIGITS + " digits");
    }
    try {
      return bounded(new BigDecimal(written), place);
    } catch (NumberFormatException e) {
      throw new Fault(place, "expected a number, found \"" + Found.shortened(written) + "\"");
    }
  }

  static Value.Num compute(Operator operator, BigDecimal left, BigDecimal right, Place place) {
    boolean divides = operator == Operator.DIVIDED || operator == Operator.MODULO;
    if (divides && right.signum() == 0) {
      throw new Fault(place, "a division by zero");
    }
    BigDecimal result =
        switch (operator) {
          case PLUS -> left.add(right, PRECISION);
          case MINUS -> left.subtract(right, PRECISION);
          case TIMES -> left.multiply(right, PRECISION);
          case DIVIDED -> left.divide(right, PRECISION);
          case MODULO -> left.remainder(right);
          default -> throw new IllegalArgumentException("no arithmetic: " + operator);
        };
    return bounded(result, place);
  }

  static Value.Num bounded(BigDecimal number, Place place) {
    long magnitude = (long) number.precision() - number.scale();
    if (magnitude > MOST_DIGITS || number.scale() > MOST_DIGITS) {
      throw new Fault(place, "this number is out of range: at most " + MOST_DIGITS + " digits");
    }
    return new Value.Num(number);
  }

  private static boolean digits(Cursor cursor) {
    int start = cursor.position();
    while (cursor.atDigit()) {
      cursor.next();
    }
    return cursor.position() > start;
  }

  private static void exponent(Cursor cursor) {
    int start = cursor.position();
    if (!cursor.take("e") && !cursor.take("E")) {
      return;
    }
    if (!cursor.take("+")) {
      cursor.take("-");
    }
    if (!digits(cursor)) {
      cursor.moveTo(start);
    }
  }
}
