package dev.connectbridge.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.plan.Plan.Removal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a pass would remove and does not, because it looks like a mistake.
 *
 * @param removals what stays, by ID
 * @param why what is wrong with it, in words
 * @param remedy what lets it go, or ends this; without the command that does
 * @param consentable whether somebody's word lets it go
 */
public record Withheld(List<Removal> removals, String why, String remedy, boolean consentable) {
  private static final int MOST_NAMED = 10;

  public Withheld {
    removals =
        removals.stream().sorted(Comparator.comparing(removal -> removal.ids().get(0))).toList();
  }

  /**
   * Returns what must not go without somebody's word: the removals of a pass that takes away too
   * much, those of groups of which something else is wanted left out; empty when all may go.
   */
  public static Optional<Withheld> of(Collection<Removal> removals, BlastRadius radius) {
    if (!radius.isTooLarge()) {
      return Optional.empty();
    }
    return Optional.of(
        new Withheld(
            removals.stream()
                .filter(removal -> radius.leaving().contains(removal.marks().group()))
                .toList(),
            "it is " + radius.why(),
            "put the specs back, or consent",
            true));
  }

  /** Returns this and what is withheld for another reason, by one consent to both. */
  public Withheld and(Withheld other) {
    List<Removal> all = new ArrayList<>(removals);
    other.removals.stream().filter(removal -> !all.contains(removal)).forEach(all::add);
    return new Withheld(all, why + "; " + other.why, remedy, consentable && other.consentable);
  }

  /** Returns the groups that stay. */
  public SortedSet<String> groups() {
    SortedSet<String> groups = new TreeSet<>();
    removals.forEach(removal -> groups.add(removal.marks().group()));
    return groups;
  }

  /** Returns the IDs of what stays. */
  public SortedSet<String> ids() {
    SortedSet<String> ids = new TreeSet<>();
    removals.forEach(removal -> ids.addAll(removal.ids()));
    return ids;
  }

  /** Returns what tells exactly these removals from any others; consent is to this. */
  public String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ids().forEach(id -> digest.update((id + "\n").getBytes(UTF_8)));
      return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns what would go, and why it does not, in a line. */
  @Override
  public String toString() {
    List<String> named = groups().stream().limit(MOST_NAMED).toList();
    int more = groups().size() - named.size();
    return "%s would be deregistered, and stay: %s"
        .formatted(
            String.join(", ", named) + (more > 0 ? " and %d more".formatted(more) : ""), why);
  }
}
