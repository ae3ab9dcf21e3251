package dev.connectbridge.supervise;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** Servers in a storm: they forget what the agent has forgotten, unless they stall. */
final class StormServers implements Proof {
  private final Storm storm;
  private final List<Seeker> seekers = new ArrayList<>();
  private final Set<String> catalog = new TreeSet<>();
  private boolean stalled;

  StormServers(Storm storm) {
    this.storm = storm;
  }

  private record Seeker(Set<String> ids, Runnable proven) {}

  /** Whoever sought is dead. */
  void forgetSeekers() {
    seekers.clear();
  }

  int seekers() {
    return seekers.size();
  }

  Set<String> catalog() {
    return catalog;
  }

  void stall(boolean stall) {
    stalled = stall;
  }

  /** What the agent holds stands in the catalog, unless they stall. */
  void sync(Set<String> held) {
    if (!stalled) {
      catalog.clear();
      catalog.addAll(held);
      for (Seeker seeker : List.copyOf(seekers)) {
        if (seeker.ids.stream().noneMatch(catalog::contains)) {
          seekers.remove(seeker);
          storm.inThisLife(storm.upTo(30), seeker.proven);
        }
      }
    }
    Set<String> known = new HashSet<>(held);
    known.addAll(catalog);
    storm.book.known(known);
  }

  @Override
  public Seeking seek(String node, SortedMap<String, String> names, Runnable proven) {
    storm.touch();
    if (names.isEmpty()) {
      throw new IllegalArgumentException("nothing to look for");
    }
    Seeker seeker = new Seeker(new TreeSet<>(names.keySet()), proven);
    seekers.add(seeker);
    storm.sync();
    return new Seeking() {
      @Override
      public String doubt() {
        return "the catalog still holds it";
      }

      @Override
      public void cancel() {
        seekers.remove(seeker);
      }
    };
  }

  @Override
  public void close() {}
}
