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
 * @param gone those that were withheld with them, and have gone since by name
 */
public record BlastRadius(
    SortedSet<String> owned, SortedSet<String> leaving, SortedSet<String> gone) {

  /** With fewer groups than this, everything may go at once, unless more was withheld. */
  public static final int FROM = 4;

  public BlastRadius {
    owned = Collections.unmodifiableSortedSet(new TreeSet<>(owned));
    leaving = Collections.unmodifiableSortedSet(new TreeSet<>(leaving));
    gone = Collections.unmodifiableSortedSet(new TreeSet<>(gone));
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
    return new BlastRadius(owned, leaving, new TreeSet<>());
  }

  /**
   * Returns the same after a pass that would have taken away too much: what was withheld then does
   * not go because others of it have gone by name meanwhile, so that they still count.
   *
   * @param refused the groups that were withheld, without those that are wanted again
   */
  public BlastRadius afterRefusal(Collection<String> refused) {
    SortedSet<String> since = new TreeSet<>(refused);
    since.removeAll(leaving);
    SortedSet<String> all = new TreeSet<>(owned);
    all.addAll(since);
    return new BlastRadius(all, leaving, since);
  }

  /** Returns whether that is more than half, and so all the more if it is everything. */
  public boolean isTooLarge() {
    int going = leaving.size() + gone.size();
    return !leaving.isEmpty() && owned.size() >= FROM && going * 2 > owned.size();
  }

  /** Returns in words what is too much about it. */
  String why() {
    if (!gone.isEmpty()) {
      return "what is left of more that was withheld";
    }
    return leaving.size() == owned.size()
        ? "all %d groups of this owner at once".formatted(owned.size())
        : "%d of %d groups of this owner at once, which is more than half"
            .formatted(leaving.size(), owned.size());
  }
}
