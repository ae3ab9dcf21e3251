package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import java.util.function.Supplier;

/** A position in a text, with the words that can be read there. */
final class Cursor {
  static final int END = -1;
  private static final int DEEPEST = 100;
  private static final int DELETE = 0x7F;

  /** What ends a text, escapes something, may begin an insertion, or ends the line. */
  private static final String TELLING = "\"\\$%\r\n";

  private final String text;
  private final Places places;
  private int position;
  private int depth;
  private boolean linesMatter = true;

  Cursor(String text, Places places) {
    this.text = text;
    this.places = places;
  }

  int position() {
    return position;
  }

  void moveTo(int offset) {
    position = offset;
  }

  Place here() {
    return places.at(position);
  }

  String text() {
    return text;
  }

  String since(int offset) {
    return text.substring(offset, position);
  }

  /** Returns the character here, or END. */
  int peek() {
    return position < text.length() ? text.charAt(position) : END;
  }

  boolean at(char wanted) {
    return peek() == wanted;
  }

  boolean at(String wanted) {
    return at(wanted.charAt(0)) && text.startsWith(wanted, position);
  }

  boolean atDigit() {
    return peek() >= '0' && peek() <= '9';
  }

  boolean atLineEnd() {
    return at('\n') || at("\r\n");
  }

  boolean atEnd() {
    return position >= text.length();
  }

  char next() {
    return text.charAt(position++);
  }

  boolean take(String wanted) {
    boolean found = at(wanted);
    position += found ? wanted.length() : 0;
    return found;
  }

  /** Takes a word, or faults with what was expected. */
  void expect(String wanted, String context) {
    if (!take(wanted)) {
      throw expected("'" + wanted + "' " + context);
    }
  }

  Fault expected(String what) {
    return new Fault(here(), "expected " + what + ", found " + Found.at(text, position));
  }

  /** Reads something one level deeper, where line ends matter or are blanks. */
  <T> T inside(boolean lines, Supplier<T> reading) {
    boolean before = linesMatter;
    if (depth == DEEPEST) {
      throw Fault.last(here(), "nested too deeply: at most " + DEEPEST + " levels are read");
    }
    depth++;
    linesMatter = lines;
    try {
      return reading.get();
    } finally {
      depth--;
      linesMatter = before;
    }
  }

  /** Reads something one level deeper, where line ends matter as they do here. */
  <T> T deeper(Supplier<T> reading) {
    return inside(linesMatter, reading);
  }

  /** Goes over blanks and comments, and over line ends where they do not matter. */
  void blanks() {
    while (true) {
      if (isBlank()) {
        position++;
      } else if (at('#') || at("//")) {
        toLineEnd();
      } else if (at("/*")) {
        comment();
      } else {
        return;
      }
    }
  }

  /** Goes over blanks, comments and line ends. */
  void blankLines() {
    blanks();
    while (atLineEnd()) {
      position++;
      blanks();
    }
  }

  void toLineEnd() {
    int end = text.indexOf('\n', position);
    position = end < 0 ? text.length() : end;
  }

  /** Reads a name; empty when there is none here. */
  String name() {
    int start = position;
    position = Names.end(text, position);
    return since(start);
  }

  /** Reads on to the next character that may have a meaning inside a text; at least one. */
  String plain() {
    int start = position;
    do {
      position++;
    } while (position < text.length() && TELLING.indexOf(text.charAt(position)) < 0);
    return since(start);
  }

  private boolean isBlank() {
    int found = peek();
    if (found == END || (found > ' ' && found < DELETE)) {
      return false;
    }
    if (atLineEnd()) {
      return !linesMatter;
    }
    return found == ' ' || found == '\t' || Controls.is(text, position);
  }

  private void comment() {
    int end = text.indexOf("*/", position + 2);
    if (end < 0) {
      throw Fault.last(here(), "this comment is never closed: expected '*/'");
    }
    position = end + 2;
  }
}
