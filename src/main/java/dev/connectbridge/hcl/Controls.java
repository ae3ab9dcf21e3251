package dev.connectbridge.hcl;

import java.util.HashSet;
import java.util.Set;

/** Finds the characters that no text of an author holds; the parser takes them for blanks. */
final class Controls {
  private static final int KINDS = 5;
  private static final int DELETE = 0x7F;

  private Controls() {}

  /** Reports the first of each kind, so that a binary file does not drown its reader. */
  static void report(String text, Places places, Complaints complaints) {
    Set<Character> seen = new HashSet<>();
    for (int at = 0; at < text.length() && seen.size() < KINDS; at++) {
      if (is(text, at) && seen.add(text.charAt(at))) {
        complaints.problem(places.at(at), message(text.charAt(at)));
      }
    }
  }

  static boolean is(String text, int at) {
    char found = text.charAt(at);
    if (found >= ' ' && found < DELETE) {
      return false;
    }
    if (found == '\r') {
      return at + 1 == text.length() || text.charAt(at + 1) != '\n';
    }
    boolean control = Character.isISOControl(found) && found != '\t' && found != '\n';
    return control || isHalf(text, at, found);
  }

  private static boolean isHalf(String text, int at, char found) {
    boolean first = Character.isHighSurrogate(found);
    boolean second = Character.isLowSurrogate(found);
    return (first && (at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))))
        || (second && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1))));
  }

  private static String message(char found) {
    if (found == '\0') {
      return "a NUL byte: expected text; is this a binary file?";
    }
    if (found == '\r') {
      return "a carriage return alone: expected lines that end in LF or CR LF";
    }
    return "the control character U+%04X: expected text".formatted((int) found);
  }
}
