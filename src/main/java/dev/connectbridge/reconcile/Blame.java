package dev.connectbridge.reconcile;

import java.util.Set;

/**
 * Whose doing it is that entries of ours are gone. An agent that was away, or that is another one
 * since, has forgotten them itself. One that stayed loses all or most of them at once only while it
 * reads its configuration again: without a data directory for good, and with one for a moment in
 * which others' are missing as well. So where others' are as they were, an agent with a directory
 * has not forgotten. Of one without that says nothing, since what is in its files is back at once,
 * and only that others' are gone as well says something: that it was the agent.
 */
final class Blame {
  private boolean excused;
  private Set<String> others = Set.of();

  /** Whose doing it may be. */
  enum Whose {
    AGENTS,
    UNKNOWN,
    SOMEBODYS
  }

  /** What is missing at the next look is the agent's doing. */
  void excuse() {
    excused = true;
  }

  /**
   * Returns whose doing it is; asked once a look.
   *
   * @param gone how many of ours are missing
   * @param stood of how many
   * @param now the IDs of others' entries
   * @param keeps whether the agent keeps on its disk what is registered
   */
  Whose whose(long gone, int stood, Set<String> now, boolean keeps) {
    Set<String> before = others;
    others = Set.copyOf(now);
    if (excused) {
      excused = false;
      return Whose.AGENTS;
    }
    if (gone * 2 <= stood) {
      return Whose.SOMEBODYS;
    }
    if (keeps) {
      return now.equals(before) ? Whose.SOMEBODYS : Whose.UNKNOWN;
    }
    return now.containsAll(before) ? Whose.UNKNOWN : Whose.AGENTS;
  }
}
