package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as Go writes them, and as the API's JSON does: whole nanoseconds. */
final class Durations {
  private static final int LONGEST = 100;
  private static final Pattern PART =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private Durations() {}

  static Optional<Duration> read(Node node, Notation notation) {
    if (!(node instanceof Node.Scalar scalar)) {
      return Optional.empty();
    }
    if (scalar.value() instanceof Value.Text text) {
      return parse(text.text());
    }
    return scalar.value() instanceof Value.Num number
            && (notation.isApi() || number.number().signum() == 0)
        ? nanoseconds(number.number())
        : Optional.empty();
  }

  /** Returns why the node is no span of time. */
  static String complaint(Node node, Notation notation) {
    if (node.value() instanceof Value.Num number) {
      String written = number.number().toPlainString();
      return notation.isApi()
          ? "expected whole nanoseconds, found " + written
          : "the bare number "
              + written
              + " would mean nanoseconds to Nomad; write a span of time with its unit, such as \""
              + written
              + "s\"";
    }
    if (node.value() instanceof Value.Text text && Numbers.decimal(text.text()).isPresent()) {
      return "the span of time "
          + Spelling.quoted(text.text())
          + " has no unit; write one of ns, us, ms, s, m, h behind it";
    }
    return "expected a span of time such as \"5s\" or \"1m30s\", found " + Scalars.describe(node);
  }

  static Optional<Duration> parse(String text) {
    String bare = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (bare.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (bare.isEmpty() || bare.length() > LONGEST) {
      return Optional.empty();
    }
    BigDecimal sum = BigDecimal.ZERO;
    Matcher part = PART.matcher(bare);
    int end = 0;
    while (end < bare.length()) {
      if (!part.find() || part.start() != end) {
        return Optional.empty();
      }
      BigDecimal unit = BigDecimal.valueOf(UNITS.getOrDefault(part.group(2), 0L));
      sum = sum.add(new BigDecimal(part.group(1)).multiply(unit));
      end = part.end();
    }
    BigDecimal whole = new BigDecimal(sum.toBigInteger());
    return nanoseconds(text.startsWith("-") ? whole.negate() : whole);
  }

  private static Optional<Duration> nanoseconds(BigDecimal number) {
    try {
      return Optional.of(Duration.ofNanos(number.longValueExact()));
    } catch (ArithmeticException fractionOrTooLarge) {
      return Optional.empty();
    }
  }
}
