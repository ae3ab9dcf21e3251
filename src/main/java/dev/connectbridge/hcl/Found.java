package dev.connectbridge.hcl;

/** Says in words what stands at a place where something else was expected. */
final class Found {
  private static final int LONGEST = 40;

  private Found() {}

  static String at(String text, int position) {
    if (position >= text.length()) {
      return "the end of the file";
    }
    int found = text.codePointAt(position);
    int end = Names.end(text, position);
    if (end > position) {
      return "\"" + shortened(text.substring(position, end)) + "\"";
    }
    return switch (found) {
      case '\n', '\r' -> "the end of the line";
      case '"' -> "a quoted text";
      case '\'' -> "a single quote (texts stand in double quotes)";
      case '\u201C', '\u201D', '\u2018', '\u2019' ->
          "a typographic quote (texts stand in plain double quotes)";
      default -> character(found);
    };
  }

  /** Returns whether a word that ends here is not going on. */
  static boolean isBoundary(Cursor cursor) {
    return !cursor.atDigit() && Names.end(cursor.text(), cursor.position()) == cursor.position();
  }

  static String shortened(String text) {
    return shortened(text, LONGEST);
  }

  /** Returns what fits into a message of one line; a control character becomes a blank. */
  static String shortened(String whole, int longest) {
    String text = whole.replaceAll("\\p{Cntrl}", " ");
    int length = text.codePointCount(0, text.length());
    return length <= longest ? text : text.substring(0, text.offsetByCodePoints(0, longest)) + "…";
  }

  private static String character(int found) {
    return found > ' ' && found < 127
        ? "'" + Character.toString(found) + "'"
        : "the character U+%04X".formatted(found);
  }
}
