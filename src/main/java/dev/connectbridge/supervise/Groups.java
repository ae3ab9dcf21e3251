package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.spec.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The groups that are wanted, as people name them. For the supervisor's thread alone. */
final class Groups {
  private static final int MOST_NAMED = 20;

  private List<Workload> workloads = List.of();

  void see(Desired wanted) {
    workloads = wanted.workloads();
  }

  /** Returns the IDs of all their services. */
  Set<String> services() {
    Set<String> ids = new TreeSet<>();
    workloads.forEach(workload -> ids.add(workload.registration().id().value()));
    return ids;
  }

  /** Returns each as what is to go. */
  List<Leaving> all() {
    SortedMap<String, List<Workload>> groups = new TreeMap<>();
    for (Workload workload : workloads) {
      groups
          .computeIfAbsent(workload.registration().id().allocation(), any -> new ArrayList<>())
          .add(workload);
    }
    return groups.values().stream().map(Groups::leaving).toList();
  }

  static Leaving leaving(List<Workload> workloads) {
    Registration first = workloads.get(0).registration();
    return new Leaving(
        first.id().allocation(),
        first.marks().group(),
        first.marks().source(),
        workloads.stream().map(Wants::service).toList(),
        List.of(),
        workloads.get(0).shutdownDelay());
  }

  /** Returns the name among others that means the same group. */
  static Optional<String> among(Collection<String> groups, String group) {
    return groups.stream().filter(one -> plain(one).equals(plain(group))).findFirst();
  }

  static String plain(String group) {
    return group.replace('/', '.');
  }

  /**
   * Returns what is wanted of a group.
   *
   * @throws IllegalArgumentException when there is no such group; it says which there are
   */
  List<Workload> named(String group) {
    List<Workload> its =
        workloads.stream()
            .filter(workload -> plain(workload.registration().marks().group()).equals(plain(group)))
            .toList();
    if (its.isEmpty()) {
      throw new IllegalArgumentException(unknown(group));
    }
    return its;
  }

  private String unknown(String group) {
    SortedSet<String> known = new TreeSet<>();
    workloads.forEach(workload -> known.add(workload.registration().marks().group()));
    return "no group is called "
        + Spelling.quoted(group)
        + Spelling.didYouMean(plain(group), known)
        + (known.isEmpty() ? " (there are none)" : " (there are " + some(known) + ")");
  }

  private static String some(SortedSet<String> groups) {
    int more = groups.size() - MOST_NAMED;
    return groups.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
