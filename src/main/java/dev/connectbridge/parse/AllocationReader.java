package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.JobSpec.AllocatedPort;
import dev.connectbridge.spec.JobSpec.Allocation;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Spelling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One allocation: the job that Nomad admitted, reduced to the group that runs here. */
final class AllocationReader {
  private static final Pattern INDEX = Pattern.compile("\\[([0-9]{1,9})]$");
  private static final Set<String> ENDED = Set.of("complete", "failed", "lost");

  private AllocationReader() {}

  static Optional<Sketch> read(Source source, Node.Entries root, Report report) {
    Origin at = new Origin(source.file(), "allocation", root.place(), Map.of());
    Body body = new TreeLevels(source.file(), Notation.ALLOCATION, report, root);
    Section allocation =
        new Decoder(source.file(), Notation.ALLOCATION, report)
            .section(JobShapes.ALLOCATION, at, "", body);
    Node.Member job = root.members().get("Job");
    if (job == null || !(job.node() instanceof Node.Entries entries)) {
      report.problem(
          at.problem(
              "the allocation lacks its Job, as in lists of allocations;"
                  + " the API returns it with the allocation itself"));
      return Optional.empty();
    }
    OptionalInt index = index(allocation.text("Name"));
    if (index.isEmpty() && !allocation.text("Name").isEmpty()) {
      report.problem(
          allocation
              .origin()
              .problem(
                  "Name",
                  "expected job.group[index], found " + Spelling.quoted(allocation.text("Name"))));
    }
    return reduced(entries, allocation, report)
        .map(only -> ApiReader.job(source.file(), Notation.ALLOCATION, only, report))
        .map(section -> new Sketch(section, read -> with(read, allocation, index.orElse(0))));
  }

  /** Returns the job with the allocation's own group only; what others say is not our concern. */
  private static Optional<Node.Entries> reduced(
      Node.Entries job, Section allocation, Report report) {
    String name = allocation.text("TaskGroup");
    Node.Member groups = job.members().get("TaskGroups");
    List<Node> own =
        groups != null && groups.node() instanceof Node.Items items
            ? items.items().stream().filter(group -> isNamed(group, name)).toList()
            : List.of();
    if (own.isEmpty()) {
      report.problem(
          allocation
              .origin()
              .problem("TaskGroup", "the Job has no group " + Spelling.quoted(name)));
      return Optional.empty();
    }
    Map<String, Node.Member> members = new LinkedHashMap<>(job.members());
    members.put(
        "TaskGroups", new Node.Member(groups.key(), new Node.Items(own, groups.node().place())));
    return Optional.of(new Node.Entries(members, job.place()));
  }

  private static boolean isNamed(Node group, String name) {
    return group instanceof Node.Entries entries
        && Optional.ofNullable(entries.members().get("Name"))
            .flatMap(member -> Scalars.text(member.node()))
            .equals(Optional.of(name));
  }

  private static JobSpec with(JobSpec job, Section allocation, int index) {
    Optional<Section> shared =
        allocation.block("AllocatedResources").flatMap(resources -> resources.block("Shared"));
    List<Section> networks = shared.map(found -> found.blocks("Networks")).orElse(List.of());
    Allocation decided =
        new Allocation(
            allocation.text("ID"),
            allocation.text("Name"),
            index,
            allocation.text("NodeID"),
            allocation.text("NodeName"),
            networks.stream().findFirst().map(network -> network.text("IP")).orElse(""),
            allocation.block("NetworkStatus").map(status -> status.text("Address")).orElse(""),
            ports(shared, networks),
            allocation.block("DeploymentStatus").map(status -> status.flag("Canary")).orElse(false),
            isStopped(allocation));
    return new JobSpec(
        job.id(),
        job.name(),
        job.region(),
        job.namespace(),
        job.datacenters(),
        job.meta(),
        job.groups(),
        Optional.of(decided),
        job.origin());
  }

  private static boolean isStopped(Section allocation) {
    return !allocation.text("DesiredStatus", "run").equals("run")
        || ENDED.contains(allocation.text("ClientStatus"));
  }

  private static OptionalInt index(String name) {
    Matcher matcher = INDEX.matcher(name);
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private static List<AllocatedPort> ports(Optional<Section> shared, List<Section> networks) {
    List<AllocatedPort> ports =
        shared.map(found -> found.blocks("Ports")).orElse(List.of()).stream()
            .map(port -> port(port, port.text("HostIP")))
            .toList();
    return ports.isEmpty()
        ? networks.stream().flatMap(AllocationReader::networkPorts).toList()
        : ports;
  }

  private static Stream<AllocatedPort> networkPorts(Section network) {
    return Stream.concat(
            network.blocks("ReservedPorts").stream(), network.blocks("DynamicPorts").stream())
        .map(port -> port(port, network.text("IP")));
  }

  private static AllocatedPort port(Section port, String hostIp) {
    return new AllocatedPort(
        port.text("Label"), port.integer("Value").orElse(0), port.integer("To").orElse(0), hostIp);
  }
}
