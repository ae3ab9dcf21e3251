package dev.connectbridge.spec;

/**
 * What names may be made of: ASCII letters, digits, and a few more that each place has of its own.
 * Names are looked at in every pass, and a pattern takes many times as long.
 */
public final class Letters {
  private Letters() {}

  /** Returns whether a text is made of letters, digits and these others alone. */
  public static boolean only(String text, String others) {
    for (int i = 0; i < text.length(); i++) {
      if (!isOne(text.charAt(i), others)) {
        return false;
      }
    }
    return true;
  }

  /** Returns a text in which {@code by} stands for every character that is none of them. */
  public static String only(String text, String others, char by) {
    if (only(text, others)) {
      return text;
    }
    StringBuilder made = new StringBuilder(text.length());
    text.codePoints()
        .forEach(one -> made.append(one <= 127 && isOne((char) one, others) ? (char) one : by));
    return made.toString();
  }

  private static boolean isOne(char one, String others) {
    return (one >= 'a' && one <= 'z')
        || (one >= '0' && one <= '9')
        || (one >= 'A' && one <= 'Z')
        || others.indexOf(one) >= 0;
  }
}
