package dev.connectbridge.resolve;

import dev.connectbridge.launch.GroupEnvironment;
import dev.connectbridge.spec.Problem;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one owner wants of one agent.
 *
 * @param workloads what should be there, by service ID
 * @param complete whether that is all; where it is not, nothing is removed
 * @param frozen the sources that cannot be read as they stand: nothing of theirs is removed
 * @param problems what the authors must fix
 * @param warnings what they may not have meant
 * @param ports the dynamic ports given, by {@link Situation#portKey}
 */
public record Desired(
    List<Workload> workloads,
    boolean complete,
    SortedSet<String> frozen,
    List<Problem> problems,
    List<Problem> warnings,
    SortedMap<String, Integer> ports) {

  /** Wanting nothing at all: what stopping is. */
  public static final Desired NOTHING =
      new Desired(List.of(), true, new TreeSet<>(), List.of(), List.of(), new TreeMap<>());

  public Desired {
    workloads = List.copyOf(workloads);
    frozen = Collections.unmodifiableSortedSet(new TreeSet<>(frozen));
    problems = problems.stream().sorted().distinct().toList();
    warnings = warnings.stream().sorted().distinct().toList();
    ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
  }

  /** Returns what the instances tell whoever starts their applications, by the name of its file. */
  public SortedMap<String, GroupEnvironment> environments() {
    SortedMap<String, GroupEnvironment> environments = new TreeMap<>();
    workloads.forEach(
        workload ->
            workload
                .environment()
                .ifPresent(environment -> environments.put(environment.file(), environment)));
    return environments;
  }

  /** Returns the same, with other workloads. */
  public Desired withWorkloads(List<Workload> changed) {
    return new Desired(changed, complete, frozen, problems, warnings, ports);
  }
}
