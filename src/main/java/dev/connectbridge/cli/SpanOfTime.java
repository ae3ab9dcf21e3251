package dev.connectbridge.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A span of time as specs write it: {@code 500ms}, {@code 1m30s}. */
final class SpanOfTime implements ITypeConverter<Duration> {
  private static final Pattern WHOLE = Pattern.compile("([0-9]{1,6}(ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("([0-9]+)(ms|s|m|h)");

  @Override
  public Duration convert(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new TypeConversionException("expected a span of time such as 500ms, 30s or 1m30s");
    }
    Duration sum = Duration.ZERO;
    for (Matcher part = PART.matcher(text); part.find(); ) {
      long number = Long.parseLong(part.group(1));
      sum =
          switch (part.group(2)) {
            case "ms" -> sum.plusMillis(number);
            case "s" -> sum.plusSeconds(number);
            case "m" -> sum.plusMinutes(number);
            default -> sum.plusHours(number);
          };
    }
    return sum;
  }
}
