package dev.connectbridge.parse;

import static dev.connectbridge.parse.Key.Mark.API_ONLY;
import static dev.connectbridge.parse.Key.Mark.FOLDED;
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
import static dev.connectbridge.parse.Key.textsMap;

import dev.connectbridge.spec.Value;

/** What a group's service may hold, down to its proxy (Nomad 1.1.2 to 2.0.5). */
final class ServiceShapes {
  private static final Value DEFAULT = new Value.Text("default");

  // spotless:off
  static final Shape CHECK_RESTART = Shape.of("check_restart",
      integer("limit"),
      duration("grace"),
      flag("ignore_warnings"));

  static final Shape CHECK = Shape.of("check",
      text("name"),
      text("type").with(REQUIRED).with(FOLDED).oneOf("http", "tcp", "grpc", "script"),
      text("path"),
      text("protocol"),
      text("port").api("PortLabel"),
      text("address_mode").oneOf("host", "alloc", "alloc_ipv6").laterOneOf("driver"),
      duration("interval"),
      duration("timeout"),
      text("initial_status").oneOf("passing", "warning", "critical"),
      text("method"),
      textsMap("header"),
      text("body"),
      text("notes"),
      flag("tls_skip_verify").api("TLSSkipVerify"),
      text("tls_server_name").api("TLSServerName"),
      text("grpc_service").api("GRPCService"),
      flag("grpc_use_tls").api("GRPCUseTLS"),
      text("command"),
      texts("args"),
      text("task").api("TaskName"),
      flag("expose"),
      integer("success_before_passing"),
      integer("failures_before_critical"),
      integer("failures_before_warning"),
      text("on_update").oneOf("require_healthy", "ignore_warnings", "ignore"),
      block(CHECK_RESTART),
      text("id").api("Id", "ID").with(IGNORED),
      text("advertise").with(IGNORED));

  static final Shape UPSTREAMS = Shape.of("upstreams",
      text("destination_name"),
      text("destination_namespace"),
      text("destination_partition"),
      text("destination_peer"),
      text("destination_type").oneOf("service", "prepared_query"),
      text("datacenter"),
      text("local_bind_address"),
      integer("local_bind_port"),
      text("local_bind_socket_path"),
      text("local_bind_socket_mode"),
      block(Shape.of("mesh_gateway", text("mode").oneOf("none", "local", "remote"))),
      opaque("config"));

  static final Shape EXPOSED_PATH = Shape.of("path",
      text("path"),
      text("protocol").oneOf("http", "http2"),
      integer("local_path_port"),
      text("listener_port"));

  static final Shape EXPOSE = Shape.of("expose",
      blocks(EXPOSED_PATH).api("Paths", "Path"),
      flag("checks").with(API_ONLY).later());

  static final Shape TRANSPARENT_PROXY = Shape.of("transparent_proxy",
      text("uid").api("UID"),
      integer("outbound_port"),
      texts("exclude_inbound_ports"),
      texts("exclude_outbound_ports"),
      texts("exclude_outbound_cidrs").api("ExcludeOutboundCIDRs"),
      texts("exclude_uids").api("ExcludeUIDs"),
      flag("no_dns").api("NoDNS"));

  static final Shape PROXY = Shape.of("proxy",
      text("local_service_address"),
      integer("local_service_port"),
      opaque("config"),
      blocks(UPSTREAMS),
      block(EXPOSE).api("Expose", "ExposeConfig"),
      block(TRANSPARENT_PROXY));

  static final Shape SIDECAR_SERVICE = Shape.of("sidecar_service",
      texts("tags"),
      text("port"),
      textMap("meta"),
      flag("disable_default_tcp_check").api("DisableDefaultTCPCheck"),
      block(PROXY));

  static final Shape SIDECAR_RESOURCES = Shape.of("resources",
      integer("cpu").api("CPU"),
      integer("memory").api("MemoryMB"),
      integer("cores"),
      integer("memory_max").api("MemoryMaxMB"),
      integer("disk").api("DiskMB").with(IGNORED),
      integer("secrets").api("SecretsMB").with(IGNORED),
      blocks(Shape.of("network")).api("Networks").with(IGNORED),
      blocks(Shape.of("device")).api("Devices").with(IGNORED),
      block(Shape.of("numa")).api("NUMA").with(IGNORED),
      integer("iops").api("IOPS").with(IGNORED));

  static final Shape SIDECAR_LOGS = Shape.of("logs",
      integer("max_files"),
      integer("max_file_size").api("MaxFileSizeMB"),
      flag("disabled"),
      flag("enabled").with(IGNORED));

  static final Shape VOLUME_MOUNT = Shape.of("volume_mount",
      text("volume"),
      text("destination"),
      flag("read_only"),
      text("propagation_mode"),
      text("selinux_label").api("SELinuxLabel"));

  static final Shape IDENTITY = Shape.of("identity",
      text("name"),
      texts("aud").api("Audience"),
      text("change_mode"),
      text("change_signal"),
      flag("env"),
      flag("file"),
      text("filepath"),
      text("service_name"),
      duration("ttl").api("TTL"),
      opaque("extra_claims").with(IGNORED));

  static final Shape SIDECAR_TASK = Shape.of("sidecar_task",
      text("name"),
      text("driver"),
      text("user"),
      opaque("config"),
      textMap("env"),
      block(SIDECAR_RESOURCES),
      textMap("meta"),
      block(SIDECAR_LOGS).api("LogConfig"),
      duration("kill_timeout"),
      duration("shutdown_delay"),
      text("kill_signal"),
      blocks(VOLUME_MOUNT).api("VolumeMounts"),
      blocks(IDENTITY).api("Identities"));

  static final Shape CONNECT = Shape.of("connect",
      block(SIDECAR_SERVICE),
      block(SIDECAR_TASK),
      flag("native"),
      block(GatewayShapes.GATEWAY));

  static final Shape SERVICE = Shape.of("service",
      text("name"),
      texts("tags"),
      text("port").api("PortLabel"),
      text("address_mode").oneOf("auto", "host", "alloc", "alloc_ipv6").laterOneOf("driver"),
      flag("enable_tag_override"),
      textMap("meta"),
      text("task").api("TaskName"),
      text("on_update").oneOf("require_healthy", "ignore_warnings", "ignore"),
      blocks(CHECK).api("Checks"),
      block(CHECK_RESTART),
      block(CONNECT),
      text("provider").oneOf("consul").laterOneOf("nomad"),
      text("cluster").later(DEFAULT),
      text("namespace").with(API_ONLY).later(DEFAULT),
      texts("canary_tags"),
      textMap("canary_meta"),
      textMap("tagged_addresses"),
      text("address"),
      text("kind").oneOf("api-gateway", "ingress-gateway", "mesh-gateway", "terminating-gateway"),
      block(Shape.of("weights", integer("passing"), integer("warning"))),
      block(IDENTITY),
      text("id").api("Id", "ID").with(IGNORED));
  // spotless:on

  private ServiceShapes() {}
}
