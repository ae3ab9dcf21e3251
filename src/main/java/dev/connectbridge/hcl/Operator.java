package dev.connectbridge.hcl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The operators between two values; those of a higher rank bind tighter. */
enum Operator {
  OR("||", 0),
  AND("&&", 1),
  EQUAL("==", 2),
  UNEQUAL("!=", 2),
  AT_LEAST(">=", 3),
  AT_MOST("<=", 3),
  GREATER(">", 3),
  LESS("<", 3),
  PLUS("+", 4),
  MINUS("-", 4),
  TIMES("*", 5),
  DIVIDED("/", 5),
  MODULO("%", 5);

  private static final List<Operator> LONGEST_FIRST = Arrays.asList(values());
  private static final String BEGINNINGS = "|&=!<>+-*/%";

  private final String sign;
  private final int rank;

  Operator(String sign, int rank) {
    this.sign = sign;
    this.rank = rank;
  }

  String sign() {
    return sign;
  }

  int rank() {
    return rank;
  }

  /** Returns the operator here if it binds at least that tight. */
  static Optional<Operator> at(Cursor cursor, int rank) {
    if (BEGINNINGS.indexOf(cursor.peek()) < 0) {
      return Optional.empty();
    }
    for (Operator operator : LONGEST_FIRST) {
      if (cursor.at(operator.sign)) {
        return operator.rank >= rank ? Optional.of(operator) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
