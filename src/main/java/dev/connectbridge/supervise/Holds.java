package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Workload;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The groups that were drained by name: held back until their spec changes or goes, or until
 * somebody says so. For the supervisor's thread alone.
 */
final class Holds {
  private final DrainJournal journal;
  private final Fence fence;
  private final SortedMap<String, DrainJournal.Held> held = new TreeMap<>();

  Holds(DrainJournal journal, Fence fence) {
    this.journal = journal;
    this.fence = fence;
  }

  void takeUp(DrainJournal.Held left) {
    held.put(left.leaving().group(), left);
    fence.hold(left.leaving().serviceIds());
  }

  void hold(Leaving leaving, String print) {
    journal.hold(leaving, print);
    takeUp(new DrainJournal.Held(leaving, print));
  }

  boolean release(String group) {
    DrainJournal.Held gone = held.remove(group);
    if (gone == null) {
      return false;
    }
    journal.release(gone.leaving());
    fence.letGo(gone.leaving().serviceIds());
    return true;
  }

  /** Lets go of those whose spec has changed or gone; returns whether there was one. */
  boolean see(Desired desired) {
    SortedMap<String, List<Workload>> groups = new TreeMap<>();
    boolean let = false;
    for (DrainJournal.Held one : List.copyOf(held.values())) {
      List<Workload> now =
          groups.computeIfAbsent(one.leaving().group(), group -> of(desired, group));
      boolean gone =
          now.isEmpty() && desired.complete() && !desired.frozen().contains(one.leaving().source());
      boolean changed = !now.isEmpty() && !print(now).equals(one.print());
      if (gone || changed) {
        let |= release(one.leaving().group());
      } else if (!now.isEmpty()) {
        follow(one, now.get(0).registration().marks().source());
      }
    }
    return let;
  }

  /** A group whose spec has moved to another file is gone when that one is. */
  private void follow(DrainJournal.Held one, String source) {
    if (!one.leaving().source().equals(source)) {
      hold(one.leaving().from(source), one.print());
    }
  }

  private static List<Workload> of(Desired desired, String group) {
    return desired.workloads().stream()
        .filter(workload -> workload.registration().marks().group().equals(group))
        .toList();
  }

  SortedSet<String> groups() {
    return new TreeSet<>(held.keySet());
  }

  /** Returns what tells a group's spec from what it may become. */
  static String print(List<Workload> workloads) {
    SortedSet<String> parts = new TreeSet<>();
    for (Workload workload : workloads) {
      parts.add(
          workload.registration().id()
              + " "
              + workload.registration().marks().hash()
              + " "
              + workload.launch().map(launch -> launch.hash()).orElse("")
              + " "
              + workload.shutdownDelay());
    }
    return String.join("\n", parts);
  }
}
