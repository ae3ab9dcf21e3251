package dev.connectbridge.hcl;

import java.util.Locale;
import java.util.Map;

/**
 * Writes texts into YAML as Nomad's function does: in quotes, folded where lines get long; what has
 * lines of its own stands as a block of them, if a block can hold it.
 */
final class YamlScalars {
  private static final int WIDTH = 80;

  private static final Map<Integer, String> SHORT =
      Map.ofEntries(
          Map.entry(0, "\\0"),
          Map.entry(7, "\\a"),
          Map.entry(8, "\\b"),
          Map.entry(9, "\\t"),
          Map.entry(10, "\\n"),
          Map.entry(11, "\\v"),
          Map.entry(12, "\\f"),
          Map.entry(13, "\\r"),
          Map.entry(27, "\\e"),
          Map.entry((int) '"', "\\\""),
          Map.entry((int) '\\', "\\\\"),
          Map.entry(0x85, "\\N"),
          Map.entry(0x2028, "\\L"),
          Map.entry(0x2029, "\\P"));

  private final StringBuilder text;

  YamlScalars(StringBuilder text) {
    this.text = text;
  }

  /** Returns whether a text can stand as a block of lines, and has more than one. */
  static boolean isLines(String words) {
    return words.indexOf('\n') >= 0
        && !words.contains(" \n")
        && !words.endsWith(" ")
        && words.codePoints().allMatch(sign -> sign == '\n' || isPlain(sign));
  }

  /** Writes a text as a block of lines, and says whether the last of its ends are kept. */
  boolean lines(String words, int indent) {
    boolean kept = words.endsWith("\n\n") || words.equals("\n");
    text.append('|').append(words.startsWith(" ") || words.startsWith("\n") ? "2" : "");
    text.append(kept ? "+" : words.endsWith("\n") ? "" : "-").append('\n');
    String ended = words.endsWith("\n") ? words.substring(0, words.length() - 1) : words;
    for (String line : ended.split("\n", -1)) {
      text.append(line.isEmpty() ? "" : " ".repeat(indent)).append(line).append('\n');
    }
    return kept;
  }

  /** Writes a text in quotes on one line. */
  void key(String words) {
    text.append('"');
    words.codePoints().forEach(this::sign);
    text.append('"');
  }

  /** Writes a text in quotes, going on in the next line at a space behind the line's width. */
  void quoted(String words, int indent) {
    int line = text.lastIndexOf("\n") + 1;
    text.append('"');
    int[] signs = words.codePoints().toArray();
    for (int at = 0; at < signs.length; at++) {
      boolean inside = at > 0 && at < signs.length - 1 && signs[at - 1] != ' ';
      if (signs[at] == ' ' && inside && text.codePointCount(line, text.length()) > WIDTH) {
        text.append('\n');
        line = text.length();
        text.append(" ".repeat(indent)).append(signs[at + 1] == ' ' ? "\\" : "");
      } else {
        sign(signs[at]);
      }
    }
    text.append('"');
  }

  private void sign(int sign) {
    if (SHORT.containsKey(sign)) {
      text.append(SHORT.get(sign));
    } else if (isPlain(sign)) {
      text.appendCodePoint(sign);
    } else {
      String form = sign <= 0xff ? "\\x%02X" : sign <= 0xffff ? "\\u%04X" : "\\U%08X";
      text.append(String.format(Locale.ROOT, form, sign));
    }
  }

  /** Returns whether the emitter takes a sign for printable; none beyond 16 bits is to it. */
  private static boolean isPlain(int sign) {
    return (sign >= ' ' && sign <= '~')
        || (sign >= 0xa0
            && sign <= 0xfffd
            && sign != 0xfeff
            && sign != 0x2028
            && sign != 0x2029
            && (sign < 0xd800 || sign > 0xdfff));
  }
}
