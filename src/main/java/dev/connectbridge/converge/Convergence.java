package dev.connectbridge.converge;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far everything has come: a value, true when it was asked for.
 *
 * @param entries what is wanted and what is leaving, by ID
 * @param ghosts what the servers still hold of what is gone, by ID
 * @param unasked the groups that were not asked this time whether they are ready: of many, each is
 *     asked in its turn, and its entries tell it then
 * @param problems why files are not taken as they stand, in words, each with its place; what they
 *     never held before has no entries
 */
public record Convergence(
    List<EntryConditions> entries,
    List<Ghost> ghosts,
    SortedSet<String> unasked,
    List<String> problems) {
  /** Nothing is wanted, and nothing is left. */
  public static final Convergence NOTHING =
      new Convergence(List.of(), List.of(), new TreeSet<>(), List.of());

  public Convergence {
    entries = List.copyOf(entries);
    ghosts = List.copyOf(ghosts);
    problems = List.copyOf(problems);
    unasked = Collections.unmodifiableSortedSet(new TreeSet<>(unasked));
  }
}
