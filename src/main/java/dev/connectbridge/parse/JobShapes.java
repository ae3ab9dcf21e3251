package dev.connectbridge.parse;

import static dev.connectbridge.parse.Key.Mark.API_ONLY;
import static dev.connectbridge.parse.Key.Mark.ATTRIBUTE_TOO;
import static dev.connectbridge.parse.Key.Mark.HCL_ONLY;
import static dev.connectbridge.parse.Key.Mark.IGNORED;
import static dev.connectbridge.parse.Key.Mark.REQUIRED;
import static dev.connectbridge.parse.Key.block;
import static dev.connectbridge.parse.Key.blocks;
import static dev.connectbridge.parse.Key.duration;
import static dev.connectbridge.parse.Key.flag;
import static dev.connectbridge.parse.Key.integer;
import static dev.connectbridge.parse.Key.opaque;
import static dev.connectbridge.parse.Key.text;
import static dev.connectbridge.parse.Key.textMap;
import static dev.connectbridge.parse.Key.texts;

import dev.connectbridge.parse.Shape.Unknown;
import dev.connectbridge.spec.Value;
import java.util.Arrays;
import java.util.stream.Stream;

/** What a job may hold, down to its groups, networks and tasks (Nomad 1.1.2 to 2.0.5). */
final class JobShapes {
  // spotless:off
  static final Shape PORT = Shape.of("port",
      integer("static").api("Value")
          .about("The port on the host, where it must be a certain one.").goes("the address of what uses the label").inferred("chosen from the dynamic range"),
      integer("to")
          .about("The port inside the group; -1 is the same one as on the host.").goes("PX.LocalServicePort and addresses inside the group").inferred("not mapped"),
      text("host_network")
          .about("The network of the host whose address the port is bound to.").goes("the address of what uses the label").otherwise("default"),
      flag("ignore_collision")
          .about("Whether the scheduler lets others have the port too.").goes("nowhere; it needs the host's network")).labelled("Label");

  static final Shape DNS = Shape.of("dns",
      texts("servers")
          .about("The servers that are asked.").goes("nowhere; the group's network is another's to make"),
      texts("searches")
          .about("The domains that short names are looked for in.").goes("nowhere"),
      texts("options")
          .about("Options of the lookup.").goes("nowhere"));

  static final Shape NETWORK = shape("network",
      ignored("device", "reserved_ports"),
      text("mode")
          .about("How the group is connected: host, bridge, none, or cni/NAME.").goes("nowhere; sidecars need bridge or cni/NAME").otherwise("host"),
      blocks(PORT).api("DynamicPorts", "ReservedPorts")
          .about("A port that the group asks for, under its label.").goes("wherever its label is used"),
      text("hostname")
          .about("What the group's machine is called inside.").goes("nowhere").inferred("none"),
      block(DNS).api("DNS")
          .about("How names are looked up inside, carried with a warning; with a transparent proxy it needs no_dns.").goes("nowhere"),
      opaque("cni").api("CNI").with(IGNORED),
      integer("mbits").api("MBits").with(IGNORED),
      text("cidr").api("CIDR").with(IGNORED),
      text("ip").api("IP").with(IGNORED));

  static final Shape RESOURCES = shape("resources",
      ignored("disk", "secrets", "network", "device", "numa", "iops"),
      integer("cpu").api("CPU")
          .about("MHz of processor time that the task asks for.").goes("the task").inferred("left to the scheduler"),
      integer("cores")
          .about("Whole processor cores that the task asks for, instead of MHz.").goes("the task").inferred("none"),
      integer("memory").api("MemoryMB")
          .about("Memory in MB that the task asks for.").goes("the task").inferred("left to the scheduler"),
      integer("memory_max").api("MemoryMaxMB")
          .about("Memory in MB that the task may grow to.").goes("the task").inferred("none")).unknown(Unknown.QUIET);

  static final Shape LOGS = shape("logs",
      ignored("enabled"),
      integer("max_files")
          .about("How many files of its output are kept.").goes("the task").inferred("left to the scheduler"),
      integer("max_file_size").api("MaxFileSizeMB")
          .about("How large each of these files may grow, in MB.").goes("the task").inferred("left to the scheduler"),
      flag("disabled")
          .about("Whether its output is not kept at all.").goes("the task"));

  /** Only a group's service has a place in the mesh; of a task's the rest is left to Nomad. */
  static final Shape TASK_SERVICE = Shape.of("service",
      block(Shape.of("connect").unknown(Unknown.IGNORED))
          .about("Refused: it belongs in a group's service.").goes("nowhere")).unknown(Unknown.IGNORED);

  static final Shape TASK = shape("task",
      ignored("leader", "lifecycle", "template", "artifact", "constraint", "affinity", "restart", "vault", "consul",
          "volume_mount", "dispatch_payload", "csi_plugin", "scaling", "identity", "action", "schedule", "secret"),
      text("driver")
          .about("What runs the task.").goes("the task").inferred("none"),
      text("user")
          .about("The user that the task runs as.").goes("the task").inferred("none"),
      text("kind")
          .about("Which service's proxy the task is; Nomad's server writes it.").goes("the task").inferred("none"),
      opaque("config")
          .about("What the driver is told, carried as it is.").goes("the task"),
      textMap("env").with(ATTRIBUTE_TOO)
          .about("Environment variables of the task.").goes("the task"),
      textMap("meta").with(ATTRIBUTE_TOO)
          .about("Key and value pairs of the task.").goes("the task"),
      block(RESOURCES)
          .about("What the task asks of its machine.").goes("the task"),
      block(LOGS).api("LogConfig")
          .about("How the task's output is kept.").goes("the task"),
      duration("kill_timeout")
          .about("How long the task may take to end once told to.").goes("the task").otherwise("5s"),
      duration("shutdown_delay")
          .about("How long the task goes on after its services were deregistered.").goes("the task").otherwise("0s"),
      text("kill_signal")
          .about("The signal that tells the task to end.").goes("the task").inferred("the driver's own"),
      blocks(TASK_SERVICE).api("Services")
          .about("A service of the task alone; it has no place in the mesh and is left to Nomad.").goes("nowhere")).labelled("Name").unknown(Unknown.QUIET);

  /** The Consul that a group's services go to; for now always the local agent's own. */
  static final Shape CONSUL = Shape.of("consul",
      text("namespace").later(new Value.Text("default"))
          .about("The namespace of Consul; only the agent's own is supported yet.").goes("nowhere").otherwise("default"),
      text("cluster").later(new Value.Text("default"))
          .about("The cluster of Consul; only the local agent's is supported yet.").goes("nowhere").otherwise("default"),
      text("partition").later(new Value.Text("default"))
          .about("The partition of Consul; only the agent's own is supported yet.").goes("nowhere").otherwise("default"));

  static final Shape EPHEMERAL_DISK = shape("ephemeral_disk",
      ignored("sticky", "migrate"),
      integer("size").api("SizeMB")
          .about("MB of disk for the group; the logs of its tasks must fit in.").goes("nowhere; a limit for logs").otherwise("300")).unknown(Unknown.QUIET);

  static final Shape GROUP = shape("group",
      ignored("constraint", "affinity", "spread", "update", "migrate", "restart", "reschedule", "scaling", "volume",
          "vault", "disconnect", "stop_after_client_disconnect", "max_client_disconnect",
          "prevent_reschedule_on_lost"),
      integer("count")
          .about("How many instances of the group there are.").goes("one registration of each service per instance").otherwise("1"),
      duration("shutdown_delay")
          .about("How long tasks go on after the group's services were deregistered.").goes("the order of stopping").otherwise("0s"),
      textMap("meta").with(ATTRIBUTE_TOO)
          .about("Key and value pairs that ${NOMAD_META_…} asks for, over those of the job.").goes("what asks for them"),
      blocks(NETWORK).api("Networks")
          .about("How the group is connected, and its ports.").goes("wherever a label of its ports is used"),
      blocks(ServiceShapes.SERVICE).api("Services")
          .about("A service that the group offers.").goes("PUT /v1/agent/service/register"),
      blocks(TASK).api("Tasks")
          .about("Something that the group runs.").goes("nowhere; scripts and drivers are told by it"),
      block(EPHEMERAL_DISK)
          .about("The disk that the group asks for.").goes("nowhere; a limit for logs"),
      block(CONSUL)
          .about("Which Consul the group's services go to.").goes("nowhere")).labelled("Name").unknown(Unknown.QUIET);

  static final Shape JOB = shape("job",
      ignored("priority", "all_at_once", "node_pool", "constraint", "affinity", "spread", "update", "migrate",
          "restart", "reschedule", "periodic", "parameterized", "multiregion", "vault", "vault_token",
          "consul_token", "ui", "version"),
      text("type").oneOf("service", "batch", "system", "sysbatch")
          .about("What kind of job it is, to the scheduler.").goes("nowhere").otherwise("service"),
      text("id").with(HCL_ONLY)
          .about("What the job is known by, where its label is not to be.").goes("the IDs of its registrations").inferred("the label"),
      text("name")
          .about("The job's name as it is shown.").goes("${NOMAD_JOB_NAME} and names of services").inferred("the id"),
      text("region")
          .about("The region that the job is meant for.").goes("${NOMAD_REGION}").otherwise("global"),
      text("namespace")
          .about("The scheduler's namespace that the job is in.").goes("the IDs of its registrations").otherwise("default"),
      texts("datacenters")
          .about("Where the job may run; elsewhere it is skipped, with a warning.").goes("nowhere"),
      textMap("meta").with(ATTRIBUTE_TOO)
          .about("Key and value pairs that ${NOMAD_META_…} asks for.").goes("what asks for them"),
      block(CONSUL).with(HCL_ONLY)
          .about("Which Consul the job's services go to.").goes("nowhere"),
      blocks(GROUP).api("TaskGroups").with(REQUIRED)
          .about("What runs on one machine together.").goes("one or more registrations")).labelled("ID").unknown(Unknown.QUIET);

  /** The top of a file. */
  static final Shape FILE = Shape.of("a file", blocks(JOB)
          .about("The one job of the file.").goes("all that is registered from the file"));

  /** What Nomad decided; around it hundreds of fields that tell how it came to that. */
  static final Shape ALLOCATION = Shape.of("allocation",
      fields(text("ID").with(REQUIRED), text("Name").with(REQUIRED), text("Namespace"), text("NodeID"),
          text("NodeName"), text("TaskGroup").with(REQUIRED), text("DesiredStatus"), text("ClientStatus"),
          block(quiet("DeploymentStatus", flag("Canary"))),
          block(quiet("NetworkStatus", text("Address"))),
          block(quiet("AllocatedResources", block(quiet("Shared",
              blocks(quiet("Networks", text("IP"),
                  blocks(allocatedPort("DynamicPorts")), blocks(allocatedPort("ReservedPorts")))),
              blocks(allocatedPort("Ports")))))))).unknown(Unknown.QUIET);
  // spotless:on

  private JobShapes() {}

  private static Shape allocatedPort(String name) {
    return quiet(
        name, text("Label").with(REQUIRED), integer("Value"), integer("To"), text("HostIP"));
  }

  private static Shape quiet(String name, Key... keys) {
    return Shape.of(name, fields(keys)).unknown(Unknown.QUIET);
  }

  private static Key[] fields(Key... keys) {
    return Arrays.stream(keys).map(key -> key.api(key.name()).with(API_ONLY)).toArray(Key[]::new);
  }

  private static Key[] ignored(String... names) {
    return Arrays.stream(names).map(name -> opaque(name).with(IGNORED)).toArray(Key[]::new);
  }

  private static Shape shape(String name, Key[] ignored, Key... keys) {
    return Shape.of(
        name, Stream.concat(Arrays.stream(keys), Arrays.stream(ignored)).toArray(Key[]::new));
  }
}
