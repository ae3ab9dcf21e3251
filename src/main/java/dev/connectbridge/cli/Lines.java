package dev.connectbridge.cli;

import dev.connectbridge.spec.Problem;

/** Findings as lines of {@code file:line:column: error: message (path)}. */
final class Lines {
  private Lines() {}

  static String error(Problem problem) {
    return line(problem, "error");
  }

  static String warning(Problem problem) {
    return line(problem, "warning");
  }

  private static String line(Problem problem, String kind) {
    Problem told =
        new Problem(
            problem.file(), problem.path(), problem.place(), kind + ": " + problem.message());
    return told.toString();
  }

  /** Returns {@code 1 file}, {@code 2 files}. */
  static String count(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
