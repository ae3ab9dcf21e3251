package dev.connectbridge.spec;

import dev.connectbridge.spec.Origin.Place;
import java.util.Comparator;

/**
 * Something that the author of a spec can fix: a value, never thrown, all of them at once.
 *
 * @param file the file that it stands in; empty when the spec was built by a program
 * @param path the path of the value inside the file
 * @param place where in the file
 * @param message what is wrong, and what would be right
 */
public record Problem(String file, String path, Place place, String message)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::file)
          .thenComparingInt(problem -> problem.place().line())
          .thenComparingInt(problem -> problem.place().column())
          .thenComparing(Problem::path)
          .thenComparing(Problem::message);

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** Returns {@code file:line:column: message (path)}, the form that editors understand. */
  @Override
  public String toString() {
    String where = file.isEmpty() ? "" : file + ":";
    String position = place.line() == 0 ? "" : place.line() + ":" + place.column() + ":";
    String blank = where.isEmpty() && position.isEmpty() ? "" : " ";
    return where + position + blank + message + (path.isEmpty() ? "" : " (" + path + ")");
  }
}
