package dev.connectbridge.parse;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Spelling;
import java.util.Optional;

/**
 * A text to be read, with the name of its file.
 *
 * @param file the file
 * @param text the text, without a byte order mark
 * @param fault what makes it no text at all
 */
record Source(String file, String text, Optional<Problem> fault) {
  private static final int LONGEST = 32 * 1024 * 1024;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  static Source of(String file, String text) {
    String bare = hasMark(text) ? text.substring(1) : text;
    if (bare.length() > LONGEST) {
      String message = "the file is too long: more than " + LONGEST + " characters";
      return new Source(file, "", Optional.of(new Problem(file, "", new Place(1, 1), message)));
    }
    int at = bare.indexOf('\0');
    Optional<Problem> fault =
        at < 0
            ? Optional.empty()
            : Optional.of(
                new Problem(file, "", placeOf(bare, at), "a NUL character: this is not a text"));
    return new Source(file, bare, fault);
  }

  static boolean hasMark(String text) {
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
  }

  Problem problem(Place place, String message) {
    return new Problem(file, "", place, message);
  }

  Place place(int offset) {
    return placeOf(text, offset);
  }

  /** Returns the character at a place for a message; the end of the text has its own word. */
  String found(Place place) {
    int offset = 0;
    for (int line = 1; line < place.line() && offset >= 0; line++) {
      int end = text.indexOf('\n', offset);
      offset = end < 0 ? text.length() : end + 1;
    }
    int at = offset + place.column() - 1;
    if (at >= text.length()) {
      return "the end of the text";
    }
    return text.charAt(at) == '\n' || text.charAt(at) == '\r'
        ? "the end of the line"
        : Spelling.quoted(text.substring(at, text.offsetByCodePoints(at, 1)));
  }

  private static Place placeOf(String text, int offset) {
    int line = 1;
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
      line++;
      start = end + 1;
    }
    return new Place(line, offset - start + 1);
  }
}
