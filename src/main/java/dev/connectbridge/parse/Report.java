package dev.connectbridge.parse;

import dev.connectbridge.spec.Problem;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what is found wrong with a text, each finding once, in the order of the text. */
public final class Report {
  private final SortedSet<Problem> problems = new TreeSet<>();
  private final SortedSet<Problem> warnings = new TreeSet<>();

  /** Adds what keeps the text from being used. */
  public void problem(Problem found) {
    problems.add(found);
  }

  /** Adds what was accepted, but is worth saying. */
  public void warning(Problem found) {
    warnings.add(found);
  }

  /** Returns what keeps the text from being used, in the order of the text. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Returns what was accepted, but is worth saying, in the order of the text. */
  public List<Problem> warnings() {
    return List.copyOf(warnings);
  }
}
