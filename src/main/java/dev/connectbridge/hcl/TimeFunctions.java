package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Functions.Table;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The functions of times that are given as texts; none asks what time it is. */
final class TimeFunctions {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final Pattern TIME =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[-+]\\d\\d:\\d\\d)");
  private static final Pattern DURATION =
      Pattern.compile("[-+]?(?:\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18})(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern TOKEN =
      Pattern.compile("'(?:[^']|'')*'|([YMDEhHmsAaZ])\\1*|[^'A-Za-z]+|[\\s\\S]");
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

  private TimeFunctions() {}

  static void add(Table table) {
    table.add("formatdate", 2, TimeFunctions::formatted).add("timeadd", 2, TimeFunctions::added);
  }

  private static OffsetDateTime time(Arguments call, int at) {
    String written = call.text(at);
    if (TIME.matcher(written).matches()) {
      try {
        return OffsetDateTime.parse(written);
      } catch (DateTimeException e) {
        // a day that there is not, for instance: said below
      }
    }
    throw call.fault(
        at,
        "expected a time such as 2006-01-02T15:04:05Z, found \"" + Found.shortened(written) + "\"");
  }

  private static Node added(Arguments call) {
    OffsetDateTime time = time(call, 0);
    try {
      OffsetDateTime later = time.plus(nanoseconds(call), ChronoUnit.NANOS);
      if (later.getYear() < 0 || later.getYear() > 9999) {
        throw call.fault("there is no such time");
      }
      // fractions of a second are computed with, but not written
      String seconds = SECONDS.format(later);
      return call.answer(seconds + zone(later, ":", "Z"));
    } catch (ArithmeticException | DateTimeException e) {
      throw call.fault("there is no such time");
    }
  }

  private static long nanoseconds(Arguments call) {
    String written = call.text(1);
    String bare = written.replaceFirst("^[-+]", "");
    Matcher matcher = DURATION.matcher(bare);
    BigDecimal sum = BigDecimal.ZERO;
    int end = 0;
    while (end < bare.length() && matcher.find(end) && matcher.start() == end) {
      String unit = matcher.group(1);
      String number = bare.substring(end, matcher.end() - unit.length());
      sum = sum.add(new BigDecimal(number).multiply(BigDecimal.valueOf(UNITS.get(unit))));
      end = matcher.end();
    }
    if (bare.isEmpty() || (end < bare.length() && !bare.equals("0"))) {
      throw call.fault(
          1, "expected a duration such as \"1h30m\", found \"" + Found.shortened(written) + "\"");
    }
    long whole = sum.toBigInteger().longValueExact();
    return written.startsWith("-") ? -whole : whole;
  }

  private static Node formatted(Arguments call) {
    String format = call.text(0);
    OffsetDateTime time = time(call, 1);
    StringBuilder text = new StringBuilder();
    Matcher matcher = TOKEN.matcher(format);
    while (matcher.find()) {
      text.append(token(call, matcher.group(), time));
      call.length(text.length());
    }
    return call.answer(text.toString());
  }

  private static String token(Arguments call, String token, OffsetDateTime time) {
    char first = token.charAt(0);
    if (first == '\'') {
      if (token.length() == 1) {
        throw call.fault(0, "a quote is never closed");
      }
      return token.substring(1, token.length() - 1).replace("''", "'");
    }
    boolean letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
    if (!letter) {
      return token;
    }
    return switch (token) {
      case "YYYY" -> "%04d".formatted(time.getYear());
      case "YY" -> "%02d".formatted(time.getYear() % 100);
      case "MMMM" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "MMM" -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case "MM", "M" -> number(token, time.getMonthValue());
      case "DD", "D" -> number(token, time.getDayOfMonth());
      case "EEEE" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "EEE" -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case "hh", "h" -> number(token, time.getHour());
      case "HH", "H" -> number(token, (time.getHour() + 11) % 12 + 1);
      case "AA" -> time.getHour() < 12 ? "AM" : "PM";
      case "aa" -> time.getHour() < 12 ? "am" : "pm";
      case "mm", "m" -> number(token, time.getMinute());
      case "ss", "s" -> number(token, time.getSecond());
      case "ZZZZZ" -> zone(time, ":", "+00:00");
      case "ZZZZ" -> zone(time, "", "+0000");
      case "ZZZ" -> zone(time, "", "UTC");
      case "Z" -> zone(time, ":", "Z");
      default ->
          throw call.fault(
              0,
              "there is no \"%s\" in a format: letters that stand for themselves stand in quotes"
                  .formatted(Found.shortened(token)));
    };
  }

  private static String number(String token, int number) {
    return token.length() == 1 ? String.valueOf(number) : "%02d".formatted(number);
  }

  private static String zone(OffsetDateTime time, String colon, String none) {
    int minutes = time.getOffset().getTotalSeconds() / 60;
    if (minutes == 0) {
      return none;
    }
    List<Integer> parts = List.of(Math.abs(minutes) / 60, Math.abs(minutes) % 60);
    return "%s%02d%s%02d".formatted(minutes < 0 ? "-" : "+", parts.get(0), colon, parts.get(1));
  }
}
