package dev.connectbridge.supervise;

import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Leaving.Task;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import dev.connectbridge.resolve.Workload;
import dev.connectbridge.sidecar.TaskId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tasks that should run, and what of their services stands at the agent. For the supervisor's
 * thread alone.
 */
final class Wants {
  private final TaskHands hands;
  private final SortedMap<String, Wanted> wanted = new TreeMap<>();
  private final Set<String> known = new HashSet<>();
  private Optional<Desired> desired = Optional.empty();
  private Set<ServiceId> registered = Set.of();

  Wants(TaskHands hands) {
    this.hands = hands;
  }

  /** A task that should run. */
  record Wanted(
      Launch launch, String driver, String hash, Leaving leaving, Set<ServiceId> services) {

    TaskRecord record() {
      Task task = leaving.tasks().get(0);
      return new TaskRecord(task.id(), driver, hash, launch.listeningText(), leaving);
    }

    private boolean isLike(Wanted other) {
      return hash.equals(other.hash) && launch.listening().equals(other.launch.listening());
    }
  }

  /** Hears what is wanted now; returns the names of the tasks that are as they were. */
  Set<String> see(Desired now, Set<ServiceId> standing) {
    desired = Optional.of(now);
    registered = standing;
    SortedMap<String, Wanted> before = new TreeMap<>(wanted);
    SortedMap<String, List<Workload>> behind = new TreeMap<>();
    for (Workload workload : hands.runsTasks() ? now.workloads() : List.<Workload>of()) {
      workload
          .launch()
          .ifPresent(
              launch -> behind.computeIfAbsent(id(launch), any -> new ArrayList<>()).add(workload));
    }
    wanted.clear();
    behind.forEach((id, workloads) -> wanted.put(id, wanted(id, workloads, before.get(id))));
    known.addAll(wanted.keySet());
    Set<String> same = new TreeSet<>(wanted.keySet());
    same.removeIf(id -> !before.containsKey(id) || !before.get(id).isLike(wanted.get(id)));
    return same;
  }

  static String id(Launch launch) {
    return TaskId.of(launch.allocation(), launch.task().name()).value();
  }

  private Wanted wanted(String id, List<Workload> workloads, Wanted before) {
    Workload first = workloads.get(0);
    Launch launch = first.launch().orElseThrow();
    Registration registration = first.registration();
    Set<ServiceId> ids = new LinkedHashSet<>();
    workloads.forEach(workload -> ids.add(workload.registration().id()));
    String driver = hands.proper(launch.task().driver());
    Leaving leaving =
        new Leaving(
            launch.allocation(),
            launch.group(),
            registration.marks().source(),
            workloads.stream().map(Wants::service).toList(),
            List.of(
                new Task(
                    id,
                    launch.task().shutdownDelay(),
                    launch.task().killTimeout(),
                    launch.task().killSignal(),
                    driver)),
            first.shutdownDelay());
    boolean same = before != null && before.launch.equals(launch);
    return new Wanted(launch, driver, same ? before.hash : launch.hash(), leaving, ids);
  }

  static Service service(Workload workload) {
    Registration registration = workload.registration();
    return new Service(
        registration.id().value(), registration.name(), registration.sidecar().isPresent(), false);
  }

  /** Its services are gone from the agent until a pass says otherwise. */
  void gone(Leaving leaving) {
    Set<ServiceId> left = new HashSet<>(registered);
    leaving.services().forEach(service -> left.remove(new ServiceId(service.id())));
    registered = left;
  }

  SortedMap<String, Wanted> all() {
    return wanted;
  }

  boolean has(String id) {
    return wanted.containsKey(id);
  }

  /** Returns whether all that a task stands behind is registered. */
  boolean isRegistered(Wanted want) {
    return registered.containsAll(want.services());
  }

  boolean isRegistered(ServiceId id) {
    return registered.contains(id);
  }

  /** Returns whether it is known what is wanted, of every file. */
  boolean isWhole() {
    return desired.filter(now -> now.complete() && now.frozen().isEmpty()).isPresent();
  }

  /**
   * Returns whether nobody wants a task any more, for certain. One that was not seen wanted since
   * the start may be out of any file that cannot be read.
   */
  boolean isUnwanted(TaskRecord record) {
    if (has(record.id()) || desired.isEmpty() || !desired.get().complete()) {
      return false;
    }
    Set<String> frozen = desired.get().frozen();
    return frozen.isEmpty()
        || (known.contains(record.id()) && !frozen.contains(record.leaving().source()));
  }
}
