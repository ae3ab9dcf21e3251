package dev.connectbridge.reconcile;

import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each source wanted when it could last be read: that stays while it cannot, and while nobody
 * can say whether it is still there.
 */
final class LastGood {
  private final Map<String, List<Workload>> bySource = new TreeMap<>();

  /** Remembers the sources that are good, and puts back what the unknown ones last wanted. */
  Desired fill(Desired desired) {
    Map<String, List<Workload>> good = new HashMap<>();
    Set<ServiceId> taken = new HashSet<>();
    for (Workload workload : desired.workloads()) {
      String source = workload.registration().marks().source();
      good.computeIfAbsent(source, any -> new ArrayList<>()).add(workload);
      taken.add(workload.registration().id());
    }
    if (desired.complete()) {
      bySource.keySet().retainAll(desired.frozen());
    }
    bySource.putAll(good);
    List<Workload> workloads = new ArrayList<>(desired.workloads());
    for (String unknown : desired.complete() ? desired.frozen() : bySource.keySet()) {
      bySource.getOrDefault(unknown, List.of()).stream()
          .filter(workload -> taken.add(workload.registration().id()))
          .forEach(workloads::add);
    }
    return desired.withWorkloads(workloads);
  }
}
