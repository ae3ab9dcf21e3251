package dev.connectbridge.plan;

import dev.connectbridge.plan.Plan.Removal;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How much of what an owner has at the agent one pass would take away, in groups. A group of which
 * something is still wanted, under whatever ID and from whatever source, is not taken away.
 *
 * @param owned the groups that the owner has
 * @param leaving those that would be taken away
 * @param from with fewer groups than this, everything may go at once
 */
public record BlastRadius(SortedSet<String> owned, SortedSet<String> leaving, int from) {

  /** With fewer groups than this, everything may go at once, unless more was withheld. */
  public static final int FROM = 4;

  public BlastRadius {
    owned = Collections.unmodifiableSortedSet(new TreeSet<>(owned));
    leaving = Collections.unmodifiableSortedSet(new TreeSet<>(leaving));
  }

  /**
   * Returns that of a pass.
   *
   * @param removals what it would remove
   * @param wanted the groups of which something is wanted
   * @param held the groups that the owner has, as far as it is known without the removals
   */
  public static BlastRadius of(
      Collection<Removal> removals, Set<String> wanted, Collection<String> held) {
    SortedSet<String> leaving = new TreeSet<>();
    removals.forEach(removal -> leaving.add(removal.marks().group()));
    SortedSet<String> owned = new TreeSet<>(held);
    owned.addAll(leaving);
    leaving.removeAll(wanted);
    return new BlastRadius(owned, leaving, FROM);
  }

  /**
   * Returns the same after a pass that would have taken away too much: what was withheld then does
   * not go because others of it have gone by name meanwhile.
   */
  public BlastRadius afterRefusal() {
    return new BlastRadius(owned, leaving, 1);
  }

  /** Returns whether that is more than half, and so all the more if it is everything. */
  public boolean isTooLarge() {
    return owned.size() >= from && leaving.size() * 2 > owned.size();
  }

  /** Returns in words what is too much about it. */
  String why() {
    if (owned.size() < FROM) {
      return "what is left of more that was withheld";
    }
    return leaving.size() == owned.size()
        ? "all %d groups of this owner at once".formatted(owned.size())
        : "%d of %d groups of this owner at once, which is more than half"
            .formatted(leaving.size(), owned.size());
  }
}
