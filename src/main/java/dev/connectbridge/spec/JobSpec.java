package dev.connectbridge.spec;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A job, or the part of one that an allocation runs.
 *
 * @param id the job's ID: the label of the job block, unless {@code id} says otherwise
 * @param name the job's name; the ID unless {@code name} says otherwise
 * @param region the Nomad region, {@code global} unless said
 * @param namespace the Nomad namespace, {@code default} unless said
 * @param datacenters where the job may run; empty means everywhere
 * @param meta the job's own meta
 * @param groups the task groups; exactly one when there is an allocation
 * @param allocation what Nomad decided for it; absent in a plain job file
 * @param origin where the job stands
 */
public record JobSpec(
    String id,
    String name,
    String region,
    String namespace,
    List<String> datacenters,
    Map<String, String> meta,
    List<GroupSpec> groups,
    Optional<Allocation> allocation,
    Origin origin) {

  public JobSpec {
    datacenters = List.copyOf(datacenters);
    meta = Ordered.copy(meta);
    groups = List.copyOf(groups);
  }

  /** Returns the same job with other groups. */
  public JobSpec withGroups(List<GroupSpec> changed) {
    return new JobSpec(id, name, region, namespace, datacenters, meta, changed, allocation, origin);
  }

  /**
   * What Nomad decided for one instance of a group. The job around it was already admitted: its
   * names are filled in, its proxy tasks and ports are there.
   *
   * @param id the allocation's ID
   * @param name {@code job.group[index]}
   * @param index which instance of the group it is
   * @param nodeId the Nomad node that it was placed on; empty when unknown
   * @param nodeName that node's name; empty when unknown
   * @param hostAddress the host's address in the group's first network; empty when unknown
   * @param groupAddress the address inside the group's own network; empty when it has none
   * @param ports the ports that it was given
   * @param canary whether it is a canary that nobody has promoted yet
   * @param stopped whether Nomad wants it stopped, or it has ended
   */
  public record Allocation(
      String id,
      String name,
      int index,
      String nodeId,
      String nodeName,
      String hostAddress,
      String groupAddress,
      List<AllocatedPort> ports,
      boolean canary,
      boolean stopped) {

    public Allocation {
      ports = List.copyOf(ports);
    }
  }

  /**
   * What can be seen of the jobs of a text with problems: good for finding more of them, and for
   * nothing else. What could not be read is unknown, so the same jobs are here twice: whatever is
   * found with one of them only, is found because of the unknown.
   *
   * @param without the jobs as if nobody had written what could not be read
   * @param supposing the jobs with something in the place of each value that could not be read
   * @param values the paths of the values that could not be read
   * @param regions the paths of the blocks of which it is not known what is in them
   */
  public record Glimpse(
      List<JobSpec> without,
      List<JobSpec> supposing,
      SortedSet<String> values,
      SortedSet<String> regions) {

    /** Nothing could be seen. */
    public static final Glimpse NONE =
        new Glimpse(List.of(), List.of(), new TreeSet<>(), new TreeSet<>());

    public Glimpse {
      without = List.copyOf(without);
      supposing = List.copyOf(supposing);
      values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
      regions = Collections.unmodifiableSortedSet(new TreeSet<>(regions));
    }
  }

  /**
   * A port that was handed out.
   *
   * @param label its label
   * @param value the port on the host
   * @param to the port inside the group; 0 when it is not mapped
   * @param hostIp the host address that it is bound to
   */
  public record AllocatedPort(String label, int value, int to, String hostIp) {}
}
