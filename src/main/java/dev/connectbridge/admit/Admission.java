package dev.connectbridge.admit;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.GroupSpec.Network;
import dev.connectbridge.spec.GroupSpec.Port;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Admits a job. An allocation's job was admitted by Nomad: nothing is added to it a second time.
 */
public final class Admission {

  /** The label of the port that a sidecar gets when its spec names none (Nomad 1.1.2). */
  private static final String PROXY = "connect-proxy-";

  /** What the kind of a task that runs a proxy begins with (Nomad 1.1.2). */
  private static final String PROXY_KIND = "connect-proxy:";

  private Admission() {}

  /**
   * Returns the job as a node sees it.
   *
   * @param node what is known of the node, for names that are made of node values
   */
  public static Admitted admit(JobSpec job, Interpolation node) {
    List<Problem> problems = new ArrayList<>();
    List<Problem> warnings = new ArrayList<>();
    List<GroupSpec> groups = new ArrayList<>();
    for (GroupSpec group : job.groups()) {
      GroupSpec named = named(job, group, node);
      groups.add(job.allocation().isPresent() ? named : injected(job, named));
    }
    JobSpec admitted = job.withGroups(groups);
    groups.forEach(group -> new GroupRules(group, problems, warnings).check());
    problems.addAll(twoGroupsOfOneName(groups));
    return new Admitted(admitted, problems, warnings);
  }

  /** Returns the label of the port that a service's sidecar listens on. */
  public static String sidecarPortLabel(ServiceSpec service) {
    String own = service.sidecar().map(sidecar -> sidecar.portLabel()).orElse("");
    return own.isEmpty() ? PROXY + service.name() : own;
  }

  /** Returns the kind of the task that runs a service's proxy. */
  public static String proxyKind(ServiceSpec service) {
    return PROXY_KIND + service.name();
  }

  /** Returns whether a task runs a proxy. */
  public static boolean isProxy(TaskSpec task) {
    return task.kind().startsWith(PROXY_KIND);
  }

  private static GroupSpec named(JobSpec job, GroupSpec group, Interpolation node) {
    Interpolation names = node.plus(nameValues(job, group));
    List<ServiceSpec> services =
        group.services().stream()
            .map(
                service ->
                    service.withName(
                        service.name().isEmpty()
                            ? job.name() + "-" + group.name()
                            : names.apply(service.name())))
            .toList();
    return group.with(group.networks(), services, group.tasks());
  }

  /**
   * What a service's name may be made of: Nomad 1.1.2 fills it in at submission, when only job and
   * group are known and the index is 0 for every instance.
   */
  private static SortedMap<String, String> nameValues(JobSpec job, GroupSpec group) {
    SortedMap<String, String> values = new TreeMap<>();
    values.put("JOB", job.name());
    values.put("TASKGROUP", group.name());
    values.put("TASK", "group");
    values.put("BASE", job.name() + "-" + group.name() + "-group");
    values.put("NOMAD_JOB_NAME", job.name());
    values.put("NOMAD_JOB_ID", job.id());
    values.put("NOMAD_GROUP_NAME", group.name());
    values.put("NOMAD_ALLOC_INDEX", "0");
    values.putAll(metaValues(job.meta()));
    values.putAll(metaValues(group.meta()));
    return values;
  }

  /** Returns {@code NOMAD_META_*}, each key as written and in upper case, as Nomad has it. */
  public static SortedMap<String, String> metaValues(Map<String, String> meta) {
    SortedMap<String, String> values = new TreeMap<>();
    meta.forEach(
        (key, value) -> {
          values.put("NOMAD_META_" + key, value);
          values.put("NOMAD_META_" + key.toUpperCase(java.util.Locale.ROOT), value);
        });
    return values;
  }

  private static GroupSpec injected(JobSpec job, GroupSpec group) {
    List<TaskSpec> tasks = new ArrayList<>(group.tasks());
    List<Network> networks = new ArrayList<>(group.networks());
    for (ServiceSpec service : group.services()) {
      if (service.sidecar().isPresent()) {
        ProxyTask.addTo(tasks, job, group, service);
        if (!networks.isEmpty()) {
          networks.set(0, withPort(networks.get(0), sidecarPortLabel(service)));
        }
      }
    }
    return group.with(networks, group.services(), tasks);
  }

  private static Network withPort(Network network, String label) {
    if (network.ports().stream().anyMatch(port -> port.label().equals(label))) {
      return network;
    }
    List<Port> ports = new ArrayList<>(network.ports());
    ports.add(new Port(label, OptionalInt.empty(), OptionalInt.of(-1), "default", Origin.NONE));
    return network.withPorts(ports);
  }

  private static List<Problem> twoGroupsOfOneName(List<GroupSpec> groups) {
    Map<String, GroupSpec> seen = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    for (GroupSpec group : groups) {
      GroupSpec first = seen.putIfAbsent(group.name(), group);
      if (first != null) {
        problems.add(
            group
                .origin()
                .problem(
                    "the job has two groups \"%s\"; the first is on line %d"
                        .formatted(group.name(), first.origin().place().line())));
      }
    }
    return problems;
  }
}
