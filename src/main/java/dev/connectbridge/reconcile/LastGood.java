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

/** What each source wanted when it could last be read: that stays while it cannot. */
final class LastGood {
  private final Map<String, List<Workload>> bySource = new HashMap<>();

  /** Remembers the sources that are good, and puts back what the frozen ones last wanted. */
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
    for (String frozen : desired.frozen()) {
      bySource.getOrDefault(frozen, List.of()).stream()
          .filter(workload -> taken.add(workload.registration().id()))
          .forEach(workloads::add);
    }
    return desired.withWorkloads(workloads);
  }
}
