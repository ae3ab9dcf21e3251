package dev.connectbridge.hcl;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses which name was meant by one that is not known. */
final class Meant {
  private static final int LONGEST = 80;
  private static final int MOST = 2000;

  private Meant() {}

  /** Returns {@code ; did you mean "x"?} when one of the names is near, else nothing. */
  static String hint(String written, Collection<String> names) {
    if (written.length() > LONGEST || names.size() > MOST) {
      return "";
    }
    int bound = written.length() < 2 ? 0 : Math.max(1, Math.min(3, written.length() / 3));
    return names.stream()
        .filter(name -> !name.isEmpty() && Math.abs(name.length() - written.length()) <= bound)
        .filter(name -> distance(written, name) <= bound)
        .min(
            Comparator.<String>comparingInt(name -> distance(written, name))
                .thenComparing(Comparator.naturalOrder()))
        .map(name -> "; did you mean \"" + name + "\"?")
        .orElse("");
  }

  /** Counts the letters to change, add or leave out; two swapped neighbours are one. */
  private static int distance(String one, String other) {
    String left = one.toLowerCase(Locale.ROOT);
    String right = other.toLowerCase(Locale.ROOT);
    int[][] costs = new int[left.length() + 1][right.length() + 1];
    for (int row = 0; row <= left.length(); row++) {
      for (int column = 0; column <= right.length(); column++) {
        costs[row][column] = cost(costs, left, right, row, column);
      }
    }
    return costs[left.length()][right.length()];
  }

  private static int cost(int[][] costs, String left, String right, int row, int column) {
    if (row == 0 || column == 0) {
      return row + column;
    }
    char here = left.charAt(row - 1);
    char there = right.charAt(column - 1);
    int changed = costs[row - 1][column - 1] + (here == there ? 0 : 1);
    int least = Math.min(changed, 1 + Math.min(costs[row - 1][column], costs[row][column - 1]));
    boolean swapped =
        row > 1 && column > 1 && here == right.charAt(column - 2) && left.charAt(row - 2) == there;
    return swapped ? Math.min(least, costs[row - 2][column - 2] + 1) : least;
  }
}
