package dev.connectbridge.admit;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Admits a job. An allocation's job was admitted by Nomad: nothing is added to it a second time.
 */
public final class Admission {

  private Admission() {}

  /**
   * Returns the job as a node sees it.
   *
   * @param node what is known of the node, for names that are made of node values
   * @param options what is open to choice
   */
  public static Admitted admit(JobSpec job, Interpolation node, AdmissionOptions options) {
    List<Problem> problems = new ArrayList<>();
    List<Problem> warnings = new ArrayList<>();
    List<GroupSpec> groups = new ArrayList<>();
    for (GroupSpec group : job.groups()) {
      GroupSpec named = named(job, group, node);
      groups.add(job.allocation().isPresent() ? named : injected(job, named, options));
    }
    JobSpec admitted = job.withGroups(groups);
    groups.forEach(group -> new GroupRules(group, options, problems, warnings).check());
    problems.addAll(twoGroupsOfOneName(groups));
    return new Admitted(admitted, problems, warnings);
  }

  /** Returns the label of the port that a service's sidecar listens on. */
  public static String sidecarPortLabel(ServiceSpec service) {
    String own = service.sidecar().map(sidecar -> sidecar.portLabel()).orElse("");
    return own.isEmpty() ? ConnectKind.PROXY.name(service.name()) : own;
  }

  /** Returns the task that runs a service's proxy. */
  public static Optional<TaskSpec> proxyTask(GroupSpec group, ServiceSpec service) {
    return ConnectKind.of(service)
        .filter(ConnectKind::hasProxyTask)
        .flatMap(
            kind ->
                group.tasks().stream()
                    .filter(task -> task.kind().equals(kind.taskKind(service.name())))
                    .findFirst());
  }

  /**
   * Returns whether neither the author nor a scheduler said what the task of a proxy runs, so that
   * it is what Nomad runs unasked. A driver that was named, or anything that a driver is told, says
   * it.
   */
  public static boolean isUnsaid(GroupSpec group, TaskSpec proxyTask) {
    return ProxyTask.isDefault(proxyTask)
        && group.services().stream()
            .filter(service -> proxyTask(group, service).equals(Optional.of(proxyTask)))
            .flatMap(service -> service.connect().flatMap(ConnectSpec::sidecarTask).stream())
            .allMatch(block -> block.driver().isEmpty() && block.config().isEmpty());
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

  private static GroupSpec injected(JobSpec job, GroupSpec group, AdmissionOptions options) {
    Injection injection = new Injection(job, group, options);
    group.services().forEach(injection::add);
    return injection.result();
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
