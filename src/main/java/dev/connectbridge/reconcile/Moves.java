package dev.connectbridge.reconcile;

import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where that may have gone whose file is gone: into one that cannot be used as it stands. In a file
 * that could never be read anything may be; one that was refused is known to hold a group or not,
 * and of one that could be read before it is known what it holds, which is all that it freezes.
 */
final class Moves {
  private static final int MOST_NAMED = 3;

  /** No file is unusable, or none is looked at. */
  static final Moves NONE = new Moves(Set.of(), new TreeSet<>(), new TreeMap<>());

  private final Set<String> sources;
  private final SortedSet<String> unread;
  private final SortedMap<String, String> refused;

  private Moves(Set<String> sources, SortedSet<String> unread, SortedMap<String, String> refused) {
    this.sources = sources;
    this.unread = unread;
    this.refused = refused;
  }

  /**
   * Returns those of what was read, and what came of it.
   *
   * @param held what stands, or last stood, at the agent
   */
  static Moves of(Snapshot snapshot, Desired desired, Collection<Registration> held) {
    Set<String> known = new HashSet<>();
    desired.workloads().forEach(one -> known.add(one.registration().marks().source()));
    held.forEach(one -> known.add(one.marks().source()));
    Set<String> sources = new TreeSet<>();
    SortedSet<String> unread = new TreeSet<>();
    SortedMap<String, String> refused = new TreeMap<>();
    for (Snapshot.File file : snapshot.files()) {
      sources.add(file.source());
      if (!file.problems().isEmpty()) {
        if (!known.contains(file.source())) {
          unread.add(file.source());
        }
      } else if (desired.frozen().contains(file.source())) {
        file.jobs()
            .forEach(
                job ->
                    job.groups()
                        .forEach(
                            group -> refused.put(job.name() + "." + group.name(), file.source())));
      }
    }
    return new Moves(sources, unread, refused);
  }

  /** Returns what must not go before it is known where it has gone. */
  Optional<Withheld> judge(List<Removal> going) {
    List<Removal> kept = new ArrayList<>();
    SortedSet<String> gone = new TreeSet<>();
    SortedSet<String> where = new TreeSet<>();
    for (Removal removal : going) {
      Set<String> into = into(removal);
      if (!into.isEmpty()) {
        kept.add(removal);
        gone.add(removal.marks().source());
        where.addAll(into);
      }
    }
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Withheld(
                kept,
                "%s is gone, and what was in it may be in %s, which cannot be used as it stands"
                    .formatted(named(gone), named(where)),
                "mend what is broken, or consent",
                true));
  }

  private Set<String> into(Removal removal) {
    if (sources.contains(removal.marks().source())) {
      return new TreeSet<>();
    }
    Set<String> into = new TreeSet<>(unread);
    String group = removal.marks().group().replaceFirst("\\[[0-9]+\\]$", "");
    if (refused.containsKey(group)) {
      into.add(refused.get(group));
    }
    return into;
  }

  private static String named(Collection<String> names) {
    int more = names.size() - MOST_NAMED;
    return String.join(", ", names.stream().limit(MOST_NAMED).toList())
        + (more > 0 ? " and %d more".formatted(more) : "");
  }
}
