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
import java.util.List;
import java.util.Map;

/** What a group's service may hold, down to its proxy (Nomad 1.1.2 to 2.0.5). */
final class ServiceShapes {
  private static final Value ONE = Value.Num.of(1);
  private static final Value DEFAULT = new Value.Text("default");

  // spotless:off
  static final Shape CHECK_RESTART = Shape.of("check_restart",
      integer("limit"),
      duration("grace"),
      flag("ignore_warnings"));

  static final Shape CHECK = Shape.of("check",
      text("name"),
      text("type").with(REQUIRED).with(FOLDED).oneOf("http", "tcp", "grpc").laterOneOf("script"),
      text("path"),
      text("protocol"),
      text("port").api("PortLabel"),
      text("address_mode").oneOf("host", "alloc").laterOneOf("driver", "alloc_ipv6"),
      duration("interval"),
      duration("timeout"),
      text("initial_status").oneOf("passing", "warning", "critical"),
      text("method"),
      textsMap("header"),
      text("body"),
      text("notes"),
      flag("tls_skip_verify").api("TLSSkipVerify"),
      text("tls_server_name").api("TLSServerName").later(),
      text("grpc_service").api("GRPCService"),
      flag("grpc_use_tls").api("GRPCUseTLS"),
      text("command"),
      texts("args"),
      text("task").api("TaskName"),
      flag("expose").later(),
      integer("success_before_passing"),
      integer("failures_before_critical"),
      integer("failures_before_warning").later(),
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

  static final Shape PROXY = Shape.of("proxy",
      text("local_service_address"),
      integer("local_service_port"),
      opaque("config"),
      blocks(UPSTREAMS),
      block(Shape.of("expose")).api("Expose", "ExposeConfig").later(paths(new Value.Nothing()),
          paths(new Value.Items(List.of()))),
      block(Shape.of("transparent_proxy")).later());

  static final Shape SIDECAR_SERVICE = Shape.of("sidecar_service",
      texts("tags"),
      text("port"),
      textMap("meta"),
      flag("disable_default_tcp_check").api("DisableDefaultTCPCheck"),
      block(PROXY));

  static final Shape SIDECAR_RESOURCES = Shape.of("resources",
      integer("cpu").api("CPU"),
      integer("memory").api("MemoryMB"),
      integer("cores").later(),
      integer("memory_max").api("MemoryMaxMB").later(),
      integer("disk").api("DiskMB").later(),
      integer("secrets").api("SecretsMB").later(),
      blocks(Shape.of("network")).api("Networks").later(),
      blocks(Shape.of("device")).api("Devices").later(),
      block(Shape.of("numa")).api("NUMA").later(),
      integer("iops").api("IOPS").with(IGNORED));

  static final Shape SIDECAR_LOGS = Shape.of("logs",
      integer("max_files"),
      integer("max_file_size").api("MaxFileSizeMB"),
      flag("disabled").later(),
      flag("enabled").with(IGNORED));

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
      blocks(Shape.of("volume_mount")).api("VolumeMounts").later(),
      blocks(Shape.of("identity")).api("Identities").later());

  static final Shape CONNECT = Shape.of("connect",
      block(SIDECAR_SERVICE),
      block(SIDECAR_TASK),
      flag("native").later(),
      block(Shape.of("gateway")).later());

  static final Shape SERVICE = Shape.of("service",
      text("name"),
      texts("tags"),
      text("port").api("PortLabel"),
      text("address_mode").oneOf("auto", "host", "alloc").laterOneOf("driver", "alloc_ipv6"),
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
      texts("canary_tags").later(),
      textMap("canary_meta").later(),
      textMap("tagged_addresses").later(),
      text("address").later(),
      text("kind").later(),
      block(Shape.of("weights")).later(weights("passing", "warning"), weights("Passing", "Warning")),
      block(Shape.of("identity")).later(),
      text("id").api("Id", "ID").with(IGNORED));
  // spotless:on

  private ServiceShapes() {}

  private static Value paths(Value paths) {
    return new Value.Entries(Map.of("Paths", paths));
  }

  private static Value weights(String passing, String warning) {
    return new Value.Entries(Map.of(passing, ONE, warning, ONE));
  }
}
