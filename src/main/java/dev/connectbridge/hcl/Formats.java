package dev.connectbridge.hcl;

import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills values into texts, as {@code %s} and {@code %05.1f} ask. */
final class Formats {
  private static final Pattern VERB =
      Pattern.compile(
          "%(?<flags>[-+ 0#]{0,8})(?<width>\\d{0,9})(?:\\.(?<precision>\\d{0,9}))?"
              + "(?:\\[(?<index>\\d{1,9})\\])?(?<verb>.)?",
          Pattern.DOTALL);

  private Formats() {}

  static Node one(Arguments call) {
    return call.answer(filled(call, call.text(0), call.from(1)));
  }

  /** Returns one text for each item of the lists; what is no list is used for all of them. */
  static Node several(Arguments call) {
    int size = -1;
    for (int at = 1; at < call.size(); at++) {
      if (call.isList(at)) {
        int found = call.list(at).size();
        if (size >= 0 && found != size) {
          throw call.fault(at, "expected a list of %d, found one of %d".formatted(size, found));
        }
        size = found;
      }
    }
    List<String> texts = new ArrayList<>();
    for (int row = 0; row < (size < 0 ? 1 : size); row++) {
      List<Node> values = new ArrayList<>();
      for (int at = 1; at < call.size(); at++) {
        values.add(call.isList(at) ? call.list(at).get(row) : call.node(at));
      }
      texts.add(call.world().budget().text(filled(call, call.text(0), values), call.place()));
    }
    return call.texts(texts);
  }

  private static String filled(Arguments call, String format, List<Node> values) {
    StringBuilder text = new StringBuilder();
    Matcher matcher = VERB.matcher(format);
    int done = 0;
    int next = 0;
    int most = 0;
    while (matcher.find(done)) {
      text.append(format.substring(done, matcher.start()));
      done = matcher.end();
      if ("%".equals(matcher.group("verb"))) {
        text.append('%');
      } else {
        String index = matcher.group("index");
        next = index == null ? next + 1 : Integer.parseInt(index);
        most = Math.max(most, next);
        text.append(value(call, matcher, values, next));
      }
      call.length(text.length());
    }
    if (most < values.size()) {
      throw call.fault(
          "there are %d values, but only %d %s used by the text"
              .formatted(values.size(), most, most == 1 ? "is" : "are"));
    }
    return text.append(format.substring(done)).toString();
  }

  private static String value(Arguments call, Matcher matcher, List<Node> values, int at) {
    if (matcher.group("verb") == null) {
      throw call.fault(0, "a '%' stands at the end: '%%' is the sign itself");
    }
    if (at < 1 || at > values.size()) {
      throw call.fault(
          0, "\"%s\" asks for value %d of %d".formatted(matcher.group(), at, values.size()));
    }
    int width = number(matcher.group("width"), 0);
    int precision = number(matcher.group("precision"), matcher.group("precision") == null ? -1 : 0);
    call.length(Math.max(width, precision));
    Value value = values.get(at - 1).value();
    Verb verb = new Verb(matcher.group("verb"), matcher.group("flags"), width, precision);
    return verb.written(value)
        .orElseThrow(
            () ->
                call.fault(
                    "\"%s\" does not fit value %d, %s"
                        .formatted(matcher.group(), at, Arithmetic.kind(value))));
  }

  private static int number(String digits, int absent) {
    return digits == null || digits.isEmpty() ? absent : Integer.parseInt(digits);
  }
}
