package dev.connectbridge.parse;

import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.JobSpec.Glimpse;
import dev.connectbridge.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Collects what is found wrong with a text, each finding once, in the order of the text. A text
 * that is wrong through and through is not listed to its end: the rest is counted.
 */
public final class Report {
  private static final int MOST = 500;

  private final SortedSet<Problem> problems = new TreeSet<>();
  private final SortedSet<Problem> warnings = new TreeSet<>();
  private final SortedSet<String> values = new TreeSet<>();
  private final SortedSet<String> regions = new TreeSet<>();
  private int untold;

  /** Adds what keeps the text from being used. */
  public void problem(Problem found) {
    if (!isFull()) {
      problems.add(found);
    } else if (!problems.contains(found)) {
      untold++;
    }
  }

  /** Adds what was accepted, but is worth saying. */
  public void warning(Problem found) {
    if (warnings.size() < MOST) {
      warnings.add(found);
    }
  }

  /** Adds a value that could not be read, by its path. */
  void unknownValue(String path) {
    values.add(path);
  }

  /** Adds a block of which it is not known what is in it, by its path. */
  void unknownRegion(String path) {
    regions.add(path);
  }

  /** Returns whether nothing is unknown. */
  boolean knowsAll() {
    return values.isEmpty() && regions.isEmpty();
  }

  /** Returns what could be read of the jobs, and what not. */
  Glimpse glimpse(List<JobSpec> without, List<JobSpec> supposing) {
    return new Glimpse(without, supposing, values, regions);
  }

  /** Returns what keeps the text from being used, in the order of the text. */
  public List<Problem> problems() {
    List<Problem> told = new ArrayList<>(problems);
    if (untold > 0) {
      Problem last = problems.last();
      told.add(new Problem(last.file(), "", last.place(), "and " + untold + " more problems"));
    }
    return List.copyOf(told);
  }

  /** Returns what was accepted, but is worth saying, in the order of the text. */
  public List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  /** Returns whether further problems are only counted, so that no hint need be sought. */
  boolean isFull() {
    return problems.size() >= MOST;
  }
}
