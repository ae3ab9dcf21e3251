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
      integer("static").api("Value"),
      integer("to"),
      text("host_network"),
      flag("ignore_collision").with(IGNORED)).labelled("Label");

  static final Shape NETWORK = shape("network",
      ignored("device", "hostname", "reserved_ports"),
      text("mode"),
      blocks(PORT).api("DynamicPorts", "ReservedPorts"),
      opaque("dns").api("DNS").with(IGNORED),
      opaque("cni").api("CNI").with(IGNORED),
      integer("mbits").api("MBits").with(IGNORED),
      text("cidr").api("CIDR").with(IGNORED),
      text("ip").api("IP").with(IGNORED));

  static final Shape RESOURCES = shape("resources",
      ignored("cores", "memory_max", "disk", "secrets", "network", "device", "numa", "iops"),
      integer("cpu").api("CPU"),
      integer("memory").api("MemoryMB")).unknown(Unknown.QUIET);

  static final Shape LOGS = shape("logs",
      ignored("disabled", "enabled"),
      integer("max_files"),
      integer("max_file_size").api("MaxFileSizeMB"));

  /** Only a group's service has a place in the mesh; of a task's the rest is left to Nomad. */
  static final Shape TASK_SERVICE = Shape.of("service",
      block(Shape.of("connect").unknown(Unknown.IGNORED))).unknown(Unknown.IGNORED);

  static final Shape TASK = shape("task",
      ignored("leader", "lifecycle", "template", "artifact", "constraint", "affinity", "restart", "vault", "consul",
          "volume_mount", "dispatch_payload", "csi_plugin", "scaling", "identity", "action", "schedule", "secret"),
      text("driver"),
      text("user"),
      text("kind"),
      opaque("config"),
      textMap("env").with(ATTRIBUTE_TOO),
      textMap("meta").with(ATTRIBUTE_TOO),
      block(RESOURCES),
      block(LOGS).api("LogConfig"),
      duration("kill_timeout"),
      duration("shutdown_delay"),
      text("kill_signal"),
      blocks(TASK_SERVICE).api("Services")).labelled("Name").unknown(Unknown.QUIET);

  /** The Consul that a group's services go to; for now always the local agent's own. */
  static final Shape CONSUL = Shape.of("consul",
      text("namespace").later(new Value.Text("default")),
      text("cluster").later(new Value.Text("default")),
      text("partition").later(new Value.Text("default")));

  static final Shape EPHEMERAL_DISK = shape("ephemeral_disk",
      ignored("sticky", "migrate"),
      integer("size").api("SizeMB")).unknown(Unknown.QUIET);

  static final Shape GROUP = shape("group",
      ignored("constraint", "affinity", "spread", "update", "migrate", "restart", "reschedule", "scaling", "volume",
          "vault", "disconnect", "stop_after_client_disconnect", "max_client_disconnect",
          "prevent_reschedule_on_lost"),
      integer("count"),
      duration("shutdown_delay"),
      textMap("meta").with(ATTRIBUTE_TOO),
      blocks(NETWORK).api("Networks"),
      blocks(ServiceShapes.SERVICE).api("Services"),
      blocks(TASK).api("Tasks"),
      block(EPHEMERAL_DISK),
      block(CONSUL)).labelled("Name").unknown(Unknown.QUIET);

  static final Shape JOB = shape("job",
      ignored("type", "priority", "all_at_once", "node_pool", "constraint", "affinity", "spread", "update", "migrate",
          "restart", "reschedule", "periodic", "parameterized", "multiregion", "vault", "vault_token",
          "consul_token", "ui", "version"),
      text("id").with(HCL_ONLY),
      text("name"),
      text("region"),
      text("namespace"),
      texts("datacenters"),
      textMap("meta").with(ATTRIBUTE_TOO),
      block(CONSUL).with(HCL_ONLY),
      blocks(GROUP).api("TaskGroups").with(REQUIRED)).labelled("ID").unknown(Unknown.QUIET);

  /** The top of a file. */
  static final Shape FILE = Shape.of("a file", blocks(JOB));

  /** What Nomad decided; around it hundreds of fields that tell how it came to that. */
  static final Shape ALLOCATION = Shape.of("allocation",
      fields(text("ID").with(REQUIRED), text("Name").with(REQUIRED), text("Namespace"), text("NodeID"),
          text("NodeName"), text("TaskGroup").with(REQUIRED), text("DesiredStatus"), text("ClientStatus"),
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
