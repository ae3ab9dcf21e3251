package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.AdmissionOptions;
import dev.connectbridge.admit.Admitted;
import dev.connectbridge.resolve.Snapshot.File;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Turns what a source holds into what an agent should hold. */
public final class Resolver {
  /** More than any machine runs; a count is easily a few digits longer than it was meant to be. */
  private static final int MOST_INSTANCES = 10_000;

  private final Situation situation;
  private final Map<String, List<Problem>> problems = new TreeMap<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final Set<List<Object>> refused = new HashSet<>();
  private final List<Instance> instances = new ArrayList<>();

  private Resolver(Situation situation) {
    this.situation = situation;
  }

  /**
   * Returns what the agent should hold. A file with a problem contributes nothing and is frozen, so
   * that nothing of it is removed either.
   */
  public static Desired resolve(Snapshot snapshot, Situation situation) {
    return new Resolver(situation).resolve(snapshot);
  }

  private Desired resolve(Snapshot snapshot) {
    for (File file : snapshot.files()) {
      warnings.addAll(file.warnings());
      file.problems().forEach(problem -> blame(file.source(), problem));
      if (file.problems().isEmpty()) {
        file.jobs().forEach(job -> admit(file.source(), job));
      } else {
        examine(file);
      }
    }
    refuseTwins();
    problems.values().forEach(told -> told.forEach(problem -> refused.add(where(problem))));
    PortTable table = new PortTable(situation, this::blame);
    List<Workload> workloads = new ArrayList<>();
    ConfigEntries entries = new ConfigEntries(situation, this::blame);
    List<Instance> given = table.given(instances);
    new Clashes(situation, this::blame, warnings).check(given);
    for (Instance instance : given) {
      workloads.addAll(
          new Workloads(instance, situation, this::blameOnce, warnings, entries).all());
    }
    workloads.removeIf(this::isFrozen);
    refuseTakenIds(workloads);
    workloads.removeIf(this::isFrozen);
    workloads.sort(Comparator.comparing(workload -> workload.registration().id()));
    List<Problem> all = new ArrayList<>(snapshot.problems());
    problems.values().forEach(all::addAll);
    return new Desired(
        workloads,
        snapshot.complete(),
        new TreeSet<>(problems.keySet()),
        all,
        warnings,
        table.dynamic(),
        entries.all().stream().filter(entry -> !problems.containsKey(entry.source())).toList());
  }

  private boolean isFrozen(Workload workload) {
    return problems.containsKey(workload.registration().marks().source());
  }

  private void blame(String source, Problem problem) {
    problems.computeIfAbsent(source, any -> new ArrayList<>()).add(problem);
  }

  /** What admission has found fault with is not told a second time in other words. */
  private void blameOnce(String source, Problem problem) {
    if (refused.contains(where(problem)) && problems.containsKey(source)) {
      return;
    }
    blame(source, problem);
  }

  private static List<Object> where(Problem problem) {
    return List.of(problem.file(), problem.path(), problem.place());
  }

  /** Finds what else is wrong with a file that could not be read whole; it comes to nothing. */
  private void examine(File file) {
    Aftermath aftermath = new Aftermath(file.glimpse());
    Set<List<Object>> told = new HashSet<>();
    file.problems().forEach(problem -> told.add(where(problem)));
    List<Problem> always = found(file, file.glimpse().supposing());
    found(file, file.glimpse().without()).stream()
        .filter(always::contains)
        .filter(problem -> !aftermath.mayExplain(problem) && !told.contains(where(problem)))
        .distinct()
        .forEach(problem -> blame(file.source(), problem));
  }

  private List<Problem> found(File file, List<JobSpec> jobs) {
    File seen = new File(file.source(), jobs, List.of(), List.of());
    return resolve(new Snapshot(List.of(seen), true, List.of()), situation).problems();
  }

  private Admitted admitted(JobSpec job) {
    return Admission.admit(
        job,
        situation.node().values(),
        new AdmissionOptions(
            situation.choices().nomadCompatibleDefaults(), situation.choices().drivers()));
  }

  private void admit(String source, JobSpec job) {
    Admitted admitted = admitted(job);
    admitted.problems().forEach(problem -> blame(source, problem));
    warnings.addAll(admitted.warnings());
    if (isForElsewhere(job)) {
      warnings.add(
          job.origin()
              .problem(
                  "datacenters",
                  "the job runs in %s, this node is in %s: skipped"
                      .formatted(
                          String.join(", ", job.datacenters()), situation.node().datacenter())));
      return;
    }
    long all = 0;
    for (GroupSpec group : admitted.job().groups()) {
      all += group.count();
      if (job.allocation().isPresent()) {
        addAllocated(source, admitted.job(), group);
      } else if (all > MOST_INSTANCES) {
        blame(source, tooMany(group, all));
      } else {
        addCounted(source, admitted.job(), group);
      }
    }
  }

  private static Problem tooMany(GroupSpec group, long all) {
    return group
        .origin()
        .problem(
            "count",
            "a job may have %d instances of groups at most, and this makes it %d"
                .formatted(MOST_INSTANCES, all));
  }

  /** An allocation was placed on this node by Nomad; a plain job says where it may run. */
  private boolean isForElsewhere(JobSpec job) {
    String here = situation.node().datacenter();
    return job.allocation().isEmpty()
        && !situation.choices().anyDatacenter()
        && !here.isEmpty()
        && !job.datacenters().isEmpty()
        && job.datacenters().stream().noneMatch(pattern -> matches(pattern, here));
  }

  /** A star stands for any text, as in Nomad since 1.5. */
  private static boolean matches(String pattern, String datacenter) {
    String quoted = "\\Q" + pattern.replace("\\E", "").replace("*", "\\E.*\\Q") + "\\E";
    return Pattern.matches(quoted, datacenter);
  }

  private void addAllocated(String source, JobSpec job, GroupSpec group) {
    JobSpec.Allocation allocation = job.allocation().orElseThrow();
    if (!allocation.stopped()) {
      SortedMap<String, Instance.GivenPort> ports = new TreeMap<>();
      allocation
          .ports()
          .forEach(
              port ->
                  ports.put(
                      port.label(),
                      new Instance.GivenPort(port.value(), port.to(), port.hostIp())));
      instances.add(
          new Instance(
              source,
              job,
              group,
              allocation.id(),
              allocation.index(),
              allocation.hostAddress(),
              allocation.groupAddress(),
              !allocation.groupAddress().isEmpty()
                  && !allocation.groupAddress().equals(allocation.hostAddress()),
              ports));
    }
  }

  /** Whether a group of a plain job has a network of its own, only the operator knows. */
  private boolean hasOwnNetwork(GroupSpec group) {
    return situation.choices().ownGroupNetworks()
        && group.networks().stream()
            .anyMatch(network -> !network.mode().isEmpty() && !network.mode().equals("host"));
  }

  private void addCounted(String source, JobSpec job, GroupSpec group) {
    boolean own = hasOwnNetwork(group);
    for (int index = 0; index < group.count(); index++) {
      String name =
          String.join(
              "\n",
              situation.owner(),
              job.namespace(),
              job.id(),
              group.name(),
              Integer.toString(index));
      instances.add(
          new Instance(
              source,
              job,
              group,
              Uuids.version5(name),
              index,
              situation.node().address(),
              own ? "" : situation.node().address(),
              own,
              new TreeMap<>()));
    }
  }

  /** The same instance twice is nobody's to decide: both files are told, neither is used. */
  private void refuseTwins() {
    Map<String, Instance> seen = new TreeMap<>();
    SortedSet<String> told = new TreeSet<>();
    for (Instance instance : instances) {
      Instance first = seen.putIfAbsent(instance.id(), instance);
      if (first != null
          && !(first.source().equals(instance.source()) && isTold(instance))
          && told.add(instance.group().origin() + "\n" + first.group().origin())) {
        blame(instance.source(), twin(instance, first));
        blame(first.source(), twin(first, instance));
      }
    }
  }

  /** Two groups of one job are told by admission. */
  private boolean isTold(Instance instance) {
    Problem told = instance.group().origin().problem("");
    return !told.file().isEmpty()
        && problems.getOrDefault(instance.source(), List.of()).stream()
            .anyMatch(problem -> where(problem).equals(where(told)));
  }

  /** Consul names a sidecar after its service, which may be what another service is called. */
  private void refuseTakenIds(List<Workload> workloads) {
    Map<String, Registration> ids = new TreeMap<>();
    for (Workload workload : workloads) {
      Registration service = workload.registration();
      if (ids.putIfAbsent(service.id().value(), service) != null) {
        blame(
            service,
            "service \"%s\" stands twice with the port that its label comes to; give one another name"
                .formatted(service.name()));
      }
    }
    for (Workload workload : workloads) {
      Registration service = workload.registration();
      Registration other = ids.get(service.id().sidecar());
      if (service.sidecar().isPresent() && other != null) {
        blame(
            service,
            "service \"%s\" would have the ID of the sidecar of \"%s\"; give it another name"
                .formatted(other.name(), service.name()));
      }
    }
  }

  private void blame(Registration service, String message) {
    String source = service.marks().source();
    blame(source, new Problem(source, service.marks().group(), new Place(1, 1), message));
  }

  private static Problem twin(Instance instance, Instance other) {
    var elsewhere = other.group().origin();
    String where =
        elsewhere.file().isEmpty()
            ? other.source()
            : elsewhere.file() + ":" + elsewhere.place().line();
    return instance
        .group()
        .origin()
        .problem(
            "job \"%s\" group \"%s\" is defined twice: also in %s"
                .formatted(instance.job().id(), instance.group().name(), where));
  }
}
