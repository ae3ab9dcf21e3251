package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Functions.Table;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The functions that search by patterns. */
final class PatternFunctions {
  private static final int LONGEST_PATTERN = 1000;
  private static final Pattern GROUP_NAME = Pattern.compile("\\(\\?P?<([A-Za-z][A-Za-z0-9]*)>");
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:(\\$)|\\{(\\w{1,60})\\}|(\\w{1,60}))");

  private PatternFunctions() {}

  static void add(Table table) {
    table
        .add("regex", 2, call -> bounded(call, () -> first(call)))
        .add("regexall", 2, call -> bounded(call, () -> all(call)))
        .add("regex_replace", 3, call -> bounded(call, () -> replaced(call)));
  }

  /** A pattern may ask for more looks, or for a deeper stack, than any spec is worth. */
  private static Node bounded(Arguments call, Supplier<Node> search) {
    try {
      return search.get();
    } catch (Counted.Astray astray) {
      throw Fault.last(call.place(), "the patterns of this file take too long");
    } catch (StackOverflowError deep) {
      throw call.fault("this pattern goes too deep on this text");
    }
  }

  private static Pattern pattern(Arguments call, int at) {
    String written = call.text(at);
    if (written.length() > LONGEST_PATTERN) {
      throw call.fault(at, "a pattern has at most " + LONGEST_PATTERN + " characters");
    }
    try {
      return Pattern.compile(written.replace("(?P<", "(?<"));
    } catch (PatternSyntaxException e) {
      throw call.fault(
          at,
          "this is no pattern: %s, at character %d"
              .formatted(e.getDescription().replaceAll("\\s+", " "), e.getIndex() + 1));
    }
  }

  private static Matcher matcher(Arguments call, int pattern, int text) {
    Counted counted = Counted.of(call.text(text), call.world().budget().looks());
    return pattern(call, pattern).matcher(counted);
  }

  private static Node first(Arguments call) {
    Matcher matcher = matcher(call, 0, 1);
    if (!matcher.find()) {
      throw call.fault(1, "the pattern is nowhere in this text");
    }
    return found(call, matcher);
  }

  private static Node all(Arguments call) {
    Matcher matcher = matcher(call, 0, 1);
    List<Node> all = new ArrayList<>();
    while (matcher.find()) {
      call.steps(1 + matcher.groupCount());
      all.add(found(call, matcher));
    }
    return call.answer(all);
  }

  /** Returns the match; with groups, their matches; with names, an object of them. */
  private static Node found(Arguments call, Matcher matcher) {
    if (matcher.groupCount() == 0) {
      return call.node(new Value.Text(matcher.group()));
    }
    List<String> names = names(matcher.pattern().pattern());
    if (!names.isEmpty()) {
      Map<String, Node> groups = new LinkedHashMap<>();
      names.forEach(name -> groups.put(name, group(call, matcher.group(name))));
      return call.answer(groups);
    }
    List<Node> groups = new ArrayList<>();
    for (int at = 1; at <= matcher.groupCount(); at++) {
      groups.add(group(call, matcher.group(at)));
    }
    return call.answer(groups);
  }

  private static Node group(Arguments call, String text) {
    return call.node(text == null ? new Value.Nothing() : new Value.Text(text));
  }

  private static List<String> names(String pattern) {
    return GROUP_NAME.matcher(pattern).results().map(found -> found.group(1)).toList();
  }

  private static Node replaced(Arguments call) {
    Matcher matcher = matcher(call, 1, 0);
    String text = call.text(0);
    StringBuilder replaced = new StringBuilder();
    int done = 0;
    while (matcher.find()) {
      replaced.append(text.substring(done, matcher.start())).append(expanded(call, matcher));
      done = matcher.end();
      call.length(replaced.length());
    }
    return call.answer(replaced.append(text.substring(done)).toString());
  }

  /** Fills groups into what replaces a match; one that there is not is nothing. */
  private static String expanded(Arguments call, Matcher matcher) {
    String fresh = call.text(2);
    if (fresh.indexOf('$') < 0) {
      return fresh;
    }
    StringBuilder expanded = new StringBuilder();
    Matcher reference = REFERENCE.matcher(fresh);
    while (reference.find()) {
      reference.appendReplacement(expanded, "");
      String name = reference.group(2) == null ? reference.group(3) : reference.group(2);
      expanded.append(reference.group(1) == null ? group(matcher, name) : "$");
      call.length(expanded.length());
    }
    return reference.appendTail(expanded).toString();
  }

  private static String group(Matcher matcher, String name) {
    String found = null;
    if (name.chars().allMatch(each -> each >= '0' && each <= '9')) {
      int number = name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name);
      found = number <= matcher.groupCount() ? matcher.group(number) : null;
    } else if (names(matcher.pattern().pattern()).contains(name)) {
      found = matcher.group(name);
    }
    return found == null ? "" : found;
  }
}
