package dev.connectbridge.resolve;

import dev.connectbridge.launch.GroupEnvironment;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
 * @param entries the configuration entries of gateways, which the whole cluster shares
 */
public record Desired(
    List<Workload> workloads,
    boolean complete,
    SortedSet<String> frozen,
    List<Problem> problems,
    List<Problem> warnings,
    SortedMap<String, Integer> ports,
    List<ConfigEntry> entries) {

  /** Wanting nothing at all: what stopping is. */
  public static final Desired NOTHING =
      new Desired(List.of(), true, new TreeSet<>(), List.of(), List.of(), new TreeMap<>());

  public Desired {
    workloads = List.copyOf(workloads);
    frozen = Collections.unmodifiableSortedSet(new TreeSet<>(frozen));
    problems = problems.stream().sorted().distinct().toList();
    warnings = warnings.stream().sorted().distinct().toList();
    ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    entries = List.copyOf(entries);
  }

  /** Creates one without gateways that need an entry. */
  public Desired(
      List<Workload> workloads,
      boolean complete,
      SortedSet<String> frozen,
      List<Problem> problems,
      List<Problem> warnings,
      SortedMap<String, Integer> ports) {
    this(workloads, complete, frozen, problems, warnings, ports, List.of());
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
    return new Desired(changed, complete, frozen, problems, warnings, ports, entries);
  }

  /** Returns the same, with other sources frozen. */
  public Desired withFrozen(Collection<String> sources) {
    return new Desired(
        workloads, complete, new TreeSet<>(sources), problems, warnings, ports, entries);
  }

  /**
   * A configuration entry: what the servers know of a gateway, beside each registration of it.
   *
   * @param kind its kind, {@code ingress-gateway} or {@code terminating-gateway}
   * @param name the gateway's name
   * @param body what it says, without kind, name and Meta
   * @param meta the marks that tell whose it is; empty where the agent's Consul takes none
   * @param source the file that asked for it
   * @param admitted whether a Nomad server admitted the gateway: then the server has written an
   *     entry too, and where that one differs it is the server's to say
   * @param origin where the gateway stands
   */
  public record ConfigEntry(
      String kind,
      String name,
      Map<String, Value> body,
      SortedMap<String, String> meta,
      String source,
      boolean admitted,
      Origin origin) {
    public ConfigEntry {
      body = Collections.unmodifiableSortedMap(new TreeMap<>(body));
      meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    }

    /** Returns kind and name, which no other entry has. */
    public String id() {
      return kind + "/" + name;
    }
  }
}
