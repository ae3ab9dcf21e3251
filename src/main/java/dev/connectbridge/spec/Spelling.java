package dev.connectbridge.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Names and texts as they are printed in problems, what their author may have meant, and what names
 * are made of.
 */
public final class Spelling {
  private static final int LONGEST_QUOTE = 60;
  private static final int LONGEST_NAME = 80;

  private Spelling() {}

  /**
   * Returns whether a name is made of ASCII letters, digits and these others alone. Names are
   * looked at in every pass, and a pattern takes many times as long.
   */
  public static boolean isPlain(String name, String others) {
    for (int i = 0; i < name.length(); i++) {
      if (!isPlain(name.charAt(i), others)) {
        return false;
      }
    }
    return true;
  }

  /** Returns a name in which {@code by} stands for every character that is none of them. */
  public static String plain(String name, String others, char by) {
    if (isPlain(name, others)) {
      return name;
    }
    StringBuilder plain = new StringBuilder(name.length());
    name.codePoints()
        .forEach(one -> plain.append(one <= 127 && isPlain((char) one, others) ? (char) one : by));
    return plain.toString();
  }

  private static boolean isPlain(char one, String others) {
    return (one >= 'a' && one <= 'z')
        || (one >= '0' && one <= '9')
        || (one >= 'A' && one <= 'Z')
        || others.indexOf(one) >= 0;
  }

  /** Returns {@code LocalBindPort} for {@code local_bind_port}. */
  public static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    for (String word : name.split("_", -1)) {
      camel.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return camel.toString();
  }

  /** Returns the text in quotes, on one line and not longer than a line can bear. */
  public static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().limit(LONGEST_QUOTE).forEach(each -> append(quoted, each));
    if (text.codePointCount(0, text.length()) > LONGEST_QUOTE) {
      quoted.append('…');
    }
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int each) {
    if (each == '\n') {
      quoted.append("\\n");
    } else if (Character.isISOControl(each) || Character.getType(each) == Character.SURROGATE) {
      quoted.append(String.format(Locale.ROOT, "\\u%04x", each));
    } else {
      quoted.appendCodePoint(each);
    }
  }

  /** Returns {@code ; did you mean "x"?} when one of the names is near, else nothing. */
  public static String didYouMean(String written, Collection<String> names) {
    return nearest(written, names).map(name -> "; did you mean " + quoted(name) + "?").orElse("");
  }

  /** Returns the name that is nearest to what was written, if one is near at all. */
  public static Optional<String> nearest(String written, Collection<String> names) {
    if (written.length() > LONGEST_NAME) {
      return Optional.empty();
    }
    String folded = written.toLowerCase(Locale.ROOT);
    int bound = Math.max(1, Math.min(3, folded.length() / 3));
    return names.stream()
        .filter(name -> !name.isEmpty() && Math.abs(name.length() - written.length()) <= bound)
        .map(name -> new Near(name, distance(folded, name.toLowerCase(Locale.ROOT))))
        .filter(near -> near.distance() <= bound)
        .min(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
        .map(Near::name);
  }

  private record Near(String name, int distance) {}

  /** Counts the letters changed, added, left out, or swapped with their neighbour. */
  private static int distance(String one, String other) {
    int[][] cost = new int[one.length() + 1][other.length() + 1];
    for (int row = 0; row <= one.length(); row++) {
      for (int column = 0; column <= other.length(); column++) {
        cost[row][column] =
            row == 0 || column == 0 ? row + column : cheapest(cost, one, other, row, column);
      }
    }
    return cost[one.length()][other.length()];
  }

  private static int cheapest(int[][] cost, String one, String other, int row, int column) {
    char here = one.charAt(row - 1);
    char there = other.charAt(column - 1);
    int changed = cost[row - 1][column - 1] + (here == there ? 0 : 1);
    int cheapest = Math.min(changed, 1 + Math.min(cost[row - 1][column], cost[row][column - 1]));
    boolean swapped =
        row > 1 && column > 1 && here == other.charAt(column - 2) && there == one.charAt(row - 2);
    return swapped ? Math.min(cheapest, cost[row - 2][column - 2] + 1) : cheapest;
  }
}
