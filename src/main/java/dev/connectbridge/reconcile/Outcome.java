package dev.connectbridge.reconcile;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.plan.Change;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.plan.Plan.Removal;
import dev.connectbridge.plan.Withheld;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.ServiceId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came of one pass: a value, for any thread. When the agent could not be read at all, nothing
 * was wanted or planned, and the one failure says why.
 *
 * @param desired what the source wanted
 * @param plan what was to be done
 * @param failures what could not be done
 * @param withheld what would have been removed and was not, because it looks like a mistake
 */
public record Outcome(
    Desired desired, Plan plan, List<Failure> failures, Optional<Withheld> withheld) {
  public Outcome {
    failures = List.copyOf(failures);
  }

  /** Returns whether everything that was wanted is so now. */
  public boolean done() {
    return failures.isEmpty()
        && desired.problems().isEmpty()
        && !plan.isContested()
        && withheld.isEmpty();
  }

  /** Returns whether the agent could be read. */
  boolean isSeen() {
    return failures.stream().noneMatch(failure -> failure.id().isEmpty());
  }

  /** Returns whether the agent went away, before the pass or in its midst. */
  boolean isCutOff() {
    return failures.stream().anyMatch(failure -> failure.error().kind().endsPass());
  }

  /**
   * Returns the IDs of what is wanted and stands at the agent after a pass, also after one that an
   * agent cut off that went away.
   */
  Stream<ServiceId> held() {
    Set<ServiceId> missing = new HashSet<>(unseen());
    plan.conflicts().forEach(conflict -> missing.add(conflict.id()));
    Map<ServiceId, String> behind = behind();
    plan.changes().stream()
        .filter(change -> change.held().isEmpty())
        .map(change -> change.wanted().id())
        .filter(behind::containsKey)
        .forEach(missing::add);
    return desired.workloads().stream()
        .map(workload -> workload.registration().id())
        .filter(id -> !missing.contains(id));
  }

  /** Returns the IDs of what was removed, or handed over to be; a failure may have cut that off. */
  Set<ServiceId> gone() {
    Map<String, AgentException> failed = new HashMap<>();
    failures.forEach(failure -> failed.put(failure.id(), failure.error()));
    Set<ServiceId> gone = new HashSet<>();
    for (Removal removal : plan.removals()) {
      AgentException error = failed.get(removal.ids().get(0));
      if (error == null) {
        gone.add(removal.service());
      } else if (error.kind().endsPass()) {
        return gone;
      }
    }
    return gone;
  }

  /** Returns why entries were not written that should have been, by the ID of their service. */
  SortedMap<ServiceId, String> behind() {
    Map<String, AgentException> failed = new HashMap<>();
    failures.forEach(failure -> failed.put(failure.id(), failure.error()));
    SortedMap<ServiceId, String> behind = new TreeMap<>();
    String cutOff = "";
    for (Change change : plan.changes()) {
      ServiceId id = change.wanted().id();
      AgentException error = failed.get(id.value());
      if (error != null && error.kind().endsPass()) {
        cutOff = error.getMessage();
      }
      if (error != null || !cutOff.isEmpty()) {
        behind.put(id, error != null ? error.getMessage() : cutOff);
      }
    }
    return behind;
  }

  /** What is wanted, would not be changed, and yet is a failure: nobody knows whether it stands. */
  private Set<ServiceId> unseen() {
    Set<String> failed = new HashSet<>();
    failures.forEach(failure -> failed.add(failure.id()));
    plan.changes().forEach(change -> failed.remove(change.wanted().id().value()));
    return desired.workloads().stream()
        .map(workload -> workload.registration().id())
        .filter(id -> failed.contains(id.value()))
        .collect(Collectors.toSet());
  }

  /**
   * One thing that could not be done.
   *
   * @param id the ID that it was about; empty when it was about the agent as a whole
   * @param error why
   */
  public record Failure(String id, AgentException error) {
    @Override
    public String toString() {
      return (id.isEmpty() ? "" : id + ": ") + error.getMessage();
    }
  }
}
