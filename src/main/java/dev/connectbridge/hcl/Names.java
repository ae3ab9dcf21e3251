package dev.connectbridge.hcl;

/** What a name looks like: a letter or underscore, then letters, digits, underscores, dashes. */
final class Names {
  private Names() {}

  /** Returns where the name that begins at an offset ends; the offset itself when none does. */
  static int end(String text, int start) {
    int end = start;
    while (end < text.length()) {
      int found = text.codePointAt(end);
      if (!(end == start ? starts(found) : continues(found))) {
        return end;
      }
      end += Character.charCount(found);
    }
    return end;
  }

  private static boolean starts(int found) {
    return isCommon(found) || Character.isUnicodeIdentifierStart(found);
  }

  /** Most are of this kind, and the tables of Unicode need not be asked about them. */
  private static boolean isCommon(int found) {
    return found == '_' || (found >= 'a' && found <= 'z');
  }

  private static boolean continues(int found) {
    return found == '-'
        || isCommon(found)
        || (Character.isUnicodeIdentifierPart(found) && !Character.isIdentifierIgnorable(found));
  }
}
