package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Functions.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The functions of texts. */
final class TextFunctions {
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private TextFunctions() {}

  static void add(Table table) {
    table
        .add("lower", 1, call -> call.answer(call.text(0).toLowerCase(Locale.ROOT)))
        .add("upper", 1, call -> call.answer(call.text(0).toUpperCase(Locale.ROOT)))
        .add("title", 1, call -> call.answer(title(call.text(0))))
        .add("chomp", 1, call -> call.answer(chomp(call.text(0))))
        .add("trimspace", 1, call -> call.answer(call.text(0).strip()))
        .add("trim", 2, call -> call.answer(trim(call.text(0), call.text(1))))
        .add("trimprefix", 2, call -> call.answer(afterPrefix(call.text(0), call.text(1))))
        .add("trimsuffix", 2, call -> call.answer(beforeSuffix(call.text(0), call.text(1))))
        .add("startswith", 2, call -> call.answer(call.text(0).startsWith(call.text(1))))
        .add("endswith", 2, call -> call.answer(call.text(0).endsWith(call.text(1))))
        .add("indent", 2, TextFunctions::indent)
        .add("join", 2, Functions.ANY_NUMBER, TextFunctions::join)
        .add("split", 2, TextFunctions::split)
        .add("replace", 3, TextFunctions::replace)
        .add("strlen", 1, call -> call.answer(number(characters(call.text(0)).size())))
        .add("strrev", 1, call -> call.answer(reversed(call.text(0))))
        .add("substr", 3, TextFunctions::part)
        .add("format", 1, Functions.ANY_NUMBER, Formats::one)
        .add("formatlist", 1, Functions.ANY_NUMBER, Formats::several)
        .add("basename", 1, call -> call.answer(Paths.last(call.text(0))))
        .add("dirname", 1, call -> call.answer(Paths.before(call.text(0))));
  }

  private static java.math.BigDecimal number(int count) {
    return java.math.BigDecimal.valueOf(count);
  }

  /** Returns the characters as a reader counts them: an accent belongs to its letter. */
  static List<String> characters(String text) {
    List<String> characters = new ArrayList<>();
    Matcher matcher = CHARACTER.matcher(text);
    while (matcher.find()) {
      characters.add(matcher.group());
    }
    return characters;
  }

  static String reversed(String text) {
    List<String> characters = characters(text);
    Collections.reverse(characters);
    return String.join("", characters);
  }

  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    int before = ' ';
    for (int at = 0; at < text.length(); at += Character.charCount(before)) {
      int next = text.codePointAt(at);
      title.appendCodePoint(isInWord(before) ? next : Character.toTitleCase(next));
      before = next;
    }
    return title.toString();
  }

  private static boolean isInWord(int character) {
    return character == '_'
        || (character < 128
            ? Character.isLetterOrDigit(character)
            : !Character.isSpaceChar(character));
  }

  private static String chomp(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }

  private static String trim(String text, String characters) {
    int[] points = text.codePoints().toArray();
    int start = 0;
    int end = points.length;
    while (start < end && characters.indexOf(points[start]) >= 0) {
      start++;
    }
    while (start < end && characters.indexOf(points[end - 1]) >= 0) {
      end--;
    }
    return new String(points, start, end - start);
  }

  private static String afterPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String beforeSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static Node indent(Arguments call) {
    int spaces = call.whole(0, 0, Integer.MAX_VALUE);
    String text = call.text(1);
    long lines = text.chars().filter(each -> each == '\n').count();
    call.length(text.length() + lines * spaces);
    return call.answer(lines == 0 ? text : text.replace("\n", "\n" + " ".repeat(spaces)));
  }

  private static Node join(Arguments call) {
    String separator = call.text(0);
    List<String> texts = new ArrayList<>();
    long length = 0;
    for (int at = 1; at < call.size(); at++) {
      texts.addAll(call.texts(at));
    }
    for (String text : texts) {
      length += text.length() + (long) separator.length();
    }
    call.length(length - (texts.isEmpty() ? 0 : separator.length()));
    return call.answer(String.join(separator, texts));
  }

  private static Node split(Arguments call) {
    String separator = call.text(0);
    String text = call.text(1);
    call.steps(text.length() / Math.max(1, separator.length()));
    return call.texts(
        separator.isEmpty()
            ? text.codePoints().mapToObj(Character::toString).toList()
            : List.of(text.split(Pattern.quote(separator), -1)));
  }

  private static Node replace(Arguments call) {
    String text = call.text(0);
    String old = call.text(1);
    String fresh = call.text(2);
    long found = 0;
    for (int at = text.indexOf(old);
        at >= 0 && at < text.length();
        at = text.indexOf(old, at + Math.max(1, old.length()))) {
      found++;
    }
    found += old.isEmpty() ? 1 : 0;
    call.length(text.length() + found * ((long) fresh.length() - old.length()));
    return call.answer(text.replace(old, fresh));
  }

  private static Node part(Arguments call) {
    List<String> characters = characters(call.text(0));
    int size = characters.size();
    int offset = call.whole(1, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    int length = call.whole(2, -1, Integer.MAX_VALUE);
    int start = Math.min(size, offset < 0 ? Math.max(0, size + offset) : offset);
    long end = length < 0 ? size : Math.min(size, start + (long) length);
    return call.answer(String.join("", characters.subList(start, (int) end)));
  }
}
