package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Single values, converted as HCL2 converts them: 9001 is "9001", "true" is true, 1.5 is no int.
 */
final class Scalars {
  private Scalars() {}

  static boolean isNull(Node node) {
    return node instanceof Node.Scalar scalar && scalar.value() instanceof Value.Nothing;
  }

  static Optional<String> text(Node node) {
    if (!(node instanceof Node.Scalar scalar)) {
      return Optional.empty();
    }
    Value value = scalar.value();
    if (value instanceof Value.Text text) {
      return Optional.of(text.text());
    }
    if (value instanceof Value.Num number) {
      return Optional.of(number.number().toPlainString());
    }
    return value instanceof Value.Bool bool
        ? Optional.of(String.valueOf(bool.flag()))
        : Optional.empty();
  }

  static OptionalInt integer(Node node) {
    Optional<BigDecimal> number = number(node);
    if (number.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(number.get().intValueExact());
    } catch (ArithmeticException fractionOrTooLarge) {
      return OptionalInt.empty();
    }
  }

  static Optional<Boolean> flag(Node node) {
    if (!(node instanceof Node.Scalar scalar)) {
      return Optional.empty();
    }
    if (scalar.value() instanceof Value.Bool bool) {
      return Optional.of(bool.flag());
    }
    if (!(scalar.value() instanceof Value.Text text)) {
      return Optional.empty();
    }
    return switch (text.text()) {
      case "true", "1" -> Optional.of(true);
      case "false", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<BigDecimal> number(Node node) {
    if (!(node instanceof Node.Scalar scalar)) {
      return Optional.empty();
    }
    if (scalar.value() instanceof Value.Num number) {
      return Optional.of(number.number());
    }
    return scalar.value() instanceof Value.Text text
        ? Numbers.decimal(text.text())
        : Optional.empty();
  }

  /** Returns what a node is, for a message. */
  static String describe(Node node) {
    if (node instanceof Node.Items) {
      return "a list";
    }
    if (node instanceof Node.Entries) {
      return "an object";
    }
    Value value = node.value();
    if (value instanceof Value.Text text) {
      return Spelling.quoted(text.text());
    }
    return value instanceof Value.Nothing ? "null" : text(node).orElse("nothing");
  }
}
