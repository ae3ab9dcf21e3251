package dev.connectbridge.converge;

import java.util.List;

/**
 * How far everything has come: a value, true when it was asked for.
 *
 * @param entries what is wanted and what is leaving, by ID
 * @param ghosts what the servers still hold of what is gone, by ID
 */
public record Convergence(List<EntryConditions> entries, List<Ghost> ghosts) {
  /** Nothing is wanted, and nothing is left. */
  public static final Convergence NOTHING = new Convergence(List.of(), List.of());

  public Convergence {
    entries = List.copyOf(entries);
    ghosts = List.copyOf(ghosts);
  }
}
