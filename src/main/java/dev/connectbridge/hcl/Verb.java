package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One percent sign in a format: how a value is to be written. */
record Verb(String letter, String flags, int width, int precision) {
  private static final Place NOWHERE = new Place(1, 1);

  /** Returns the value as it is to be written; empty when it is of another kind. */
  Optional<String> written(Value value) {
    return switch (letter) {
      case "v" -> Optional.of(padded(plain(value), false));
      case "t" -> flag(value);
      case "s", "q" -> text(value);
      case "d", "b", "o", "x", "X" -> whole(value);
      case "e", "E", "f", "g", "G" -> fraction(value);
      default -> Optional.empty();
    };
  }

  private String plain(Value value) {
    if (value instanceof Value.Text text && !flags.contains("#")) {
      return text.text();
    }
    return JsonText.of(value);
  }

  private Optional<String> flag(Value value) {
    boolean fits =
        value instanceof Value.Bool
            || (value instanceof Value.Text text && List.of("true", "false").contains(text.text()));
    return fits
        ? Optional.of(padded(Arithmetic.text(value, NOWHERE, ""), false))
        : Optional.empty();
  }

  private Optional<String> text(Value value) {
    if (!Arithmetic.isTextual(value)) {
      return Optional.empty();
    }
    String text = Arithmetic.text(value, NOWHERE, "");
    List<String> characters = precision < 0 ? List.of() : TextFunctions.characters(text);
    if (precision >= 0 && precision < characters.size()) {
      text = String.join("", characters.subList(0, precision));
    }
    return Optional.of(
        padded(letter.equals("q") ? JsonText.of(new Value.Text(text)) : text, false));
  }

  private static Optional<BigDecimal> number(Value value) {
    try {
      return Optional.of(Arithmetic.number(value, NOWHERE));
    } catch (Fault fault) {
      return Optional.empty();
    }
  }

  private Optional<String> whole(Value value) {
    return number(value)
        .filter(number -> !letter.equals("d") || number.stripTrailingZeros().scale() <= 0)
        .map(BigDecimal::toBigInteger)
        .map(number -> padded(signed(number.signum() < 0, digits(number.abs())), true));
  }

  private String digits(BigInteger number) {
    String digits =
        switch (letter) {
          case "b" -> number.toString(2);
          case "o" -> number.toString(8);
          case "x" -> number.toString(16);
          case "X" -> number.toString(16).toUpperCase(Locale.ROOT);
          default -> number.toString();
        };
    int missing = precision - digits.length();
    return missing > 0 ? "0".repeat(missing) + digits : digits;
  }

  private Optional<String> fraction(Value value) {
    return number(value)
        .map(number -> padded(signed(number.signum() < 0, fraction(number.abs())), true));
  }

  private String fraction(BigDecimal number) {
    return switch (letter) {
      case "f" -> fixed(number, precision < 0 ? 6 : precision);
      case "e", "E" -> scientific(number, precision < 0 ? 6 : precision);
      default -> shortest(number);
    };
  }

  private static String fixed(BigDecimal number, int digits) {
    return number.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  private String scientific(BigDecimal number, int digits) {
    BigDecimal rounded = number.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String mantissa = fixed(rounded.movePointLeft(exponent), digits);
    String sign = exponent < 0 ? "-" : "+";
    String power = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return mantissa + (letter.equals("E") || letter.equals("G") ? "E" : "e") + sign + power;
  }

  private String shortest(BigDecimal number) {
    BigDecimal bare = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    if (precision >= 0) {
      MathContext context = new MathContext(Math.max(1, precision), RoundingMode.HALF_EVEN);
      bare = bare.round(context).stripTrailingZeros();
    }
    int exponent = bare.precision() - bare.scale() - 1;
    boolean isLong = exponent < -4 || exponent >= (precision < 0 ? 21 : Math.max(1, precision));
    return isLong ? scientific(bare, bare.precision() - 1) : bare.toPlainString();
  }

  private String signed(boolean negative, String digits) {
    if (negative) {
      return "-" + digits;
    }
    if (flags.contains("+")) {
      return "+" + digits;
    }
    return flags.contains(" ") ? " " + digits : digits;
  }

  private String padded(String text, boolean number) {
    int missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    if (flags.contains("-")) {
      return text + " ".repeat(missing);
    }
    if (!flags.contains("0")) {
      return " ".repeat(missing) + text;
    }
    boolean signed = number && "+- ".indexOf(text.charAt(0)) >= 0;
    String sign = signed ? text.substring(0, 1) : "";
    return sign + "0".repeat(missing) + text.substring(sign.length());
  }
}
