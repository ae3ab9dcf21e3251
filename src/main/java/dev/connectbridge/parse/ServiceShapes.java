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
      integer("limit")
          .about("After how many failures in a row the tasks are started again; 0 is never.").goes("the bridge itself").otherwise("0"),
      duration("grace")
          .about("How long after a start failures do not count.").goes("the bridge itself").otherwise("1s"),
      flag("ignore_warnings")
          .about("Whether a warning counts as healthy.").goes("the bridge itself"));

  static final Shape CHECK = Shape.of("check",
      text("name")
          .about("What the check is called.").goes("SVC.Checks[].Name").inferred("service: \"NAME\" check"),
      text("type").with(REQUIRED).with(FOLDED).oneOf("http", "tcp", "grpc", "script")
          .about("How health is found out.").goes("which of HTTP, TCP, GRPC and TTL SVC.Checks[] has"),
      text("path")
          .about("The path that an http check asks for; it must have one.").goes("SVC.Checks[].HTTP").inferred("none"),
      text("protocol")
          .about("The scheme of an http check.").goes("SVC.Checks[].HTTP").otherwise("http"),
      text("port").api("PortLabel")
          .about("The label or number of the port that is asked.").goes("SVC.Checks[].HTTP, .TCP or .GRPC").inferred("the service's port"),
      text("address_mode").oneOf("host", "alloc", "alloc_ipv6").laterOneOf("driver")
          .about("Whether the host's address is asked or the group's own.").goes("SVC.Checks[].HTTP, .TCP or .GRPC").otherwise("host"),
      duration("interval")
          .about("The time between two askings, at least a second.").goes("SVC.Checks[].Interval; TTL of a script check").inferred("none: it must be said"),
      duration("timeout")
          .about("How long an answer may take, at least a second.").goes("SVC.Checks[].Timeout").inferred("none: it must be said"),
      text("initial_status").oneOf("passing", "warning", "critical")
          .about("What the check says before it was asked for the first time.").goes("SVC.Checks[].Status").inferred("Consul's, which is critical"),
      text("method")
          .about("The method of an http check.").goes("SVC.Checks[].Method").inferred("Consul's, which is GET"),
      textsMap("header")
          .about("Headers of an http check.").goes("SVC.Checks[].Header"),
      text("body")
          .about("What an http check sends.").goes("SVC.Checks[].Body").inferred("none"),
      text("notes")
          .about("A remark of at most 255 characters.").goes("nowhere").inferred("none"),
      flag("tls_skip_verify").api("TLSSkipVerify")
          .about("Whether the certificate that answers is not looked at.").goes("SVC.Checks[].TLSSkipVerify"),
      text("tls_server_name").api("TLSServerName")
          .about("The name that the certificate must be for.").goes("SVC.Checks[].TLSServerName").inferred("the host that is asked"),
      text("grpc_service").api("GRPCService")
          .about("Which service a grpc check asks for.").goes("SVC.Checks[].GRPC").inferred("the whole server"),
      flag("grpc_use_tls").api("GRPCUseTLS")
          .about("Whether a grpc check speaks TLS.").goes("SVC.Checks[].GRPCUseTLS"),
      text("command")
          .about("The program of a script check.").goes("the bridge itself; SVC.Checks[] has a TTL").inferred("none"),
      texts("args")
          .about("What that program is started with.").goes("the bridge itself"),
      text("task").api("TaskName")
          .about("The task that a script check runs in.").goes("the bridge itself").inferred("the service's task"),
      flag("expose")
          .about("Whether the proxy lets the check through to a service inside the mesh.").goes("PX.Expose.Paths[]"),
      integer("success_before_passing")
          .about("How many successes in a row it takes to be passing.").goes("SVC.Checks[].SuccessBeforePassing").otherwise("0"),
      integer("failures_before_critical")
          .about("How many failures in a row it takes to be critical.").goes("SVC.Checks[].FailuresBeforeCritical").otherwise("0"),
      integer("failures_before_warning")
          .about("How many failures in a row it takes to be a warning.").goes("SVC.Checks[].FailuresBeforeWarning").otherwise("0"),
      text("on_update").oneOf("require_healthy", "ignore_warnings", "ignore")
          .about("How much the check weighs in a deployment.").goes("nowhere").inferred("the service's"),
      block(CHECK_RESTART)
          .about("When a failing check starts the tasks again, over the service's own block.").goes("the bridge itself"),
      text("id").api("Id", "ID").with(IGNORED),
      text("advertise").with(IGNORED));

  static final Shape UPSTREAMS = Shape.of("upstreams",
      text("destination_name")
          .about("The service that is reached through this upstream; it must have one.").goes("UP.DestinationName").inferred("none: it must be said"),
      text("destination_namespace")
          .about("The namespace of Consul that this service is in.").goes("UP.DestinationNamespace").inferred("the proxy's"),
      text("destination_partition")
          .about("The partition of Consul that this service is in.").goes("UP.DestinationPartition").inferred("the proxy's"),
      text("destination_peer")
          .about("The peered cluster that this service is in.").goes("UP.DestinationPeer").inferred("none"),
      text("destination_type").oneOf("service", "prepared_query")
          .about("Whether a service is meant or a prepared query.").goes("UP.DestinationType").otherwise("service"),
      text("datacenter")
          .about("The datacenter that this service is looked for in.").goes("UP.Datacenter").inferred("the agent's"),
      text("local_bind_address")
          .about("The address on which the application finds the upstream.").goes("UP.LocalBindAddress").otherwise("127.0.0.1"),
      integer("local_bind_port")
          .about("The port on which the application finds the upstream; this or a socket it must have.").goes("UP.LocalBindPort").inferred("none"),
      text("local_bind_socket_path")
          .about("The Unix socket on which it is found instead of a port.").goes("UP.LocalBindSocketPath").inferred("none"),
      text("local_bind_socket_mode")
          .about("The octal mode of that socket, as a text.").goes("UP.LocalBindSocketMode").inferred("none"),
      block(Shape.of("mesh_gateway", text("mode").oneOf("none", "local", "remote")
          .about("Which gateway is used: none, the one here, or the one there.").goes("UP.MeshGateway.Mode").inferred("what Consul is configured to")))
          .about("Whether traffic to elsewhere goes through a mesh gateway.").goes("UP.MeshGateway"),
      opaque("config")
          .about("Settings of the proxy for this upstream, carried as they are.").goes("UP.Config"));

  static final Shape EXPOSED_PATH = Shape.of("path",
      text("path")
          .about("The HTTP path that is reached past the mesh; it must have one.").goes("PX.Expose.Paths[].Path").inferred("none"),
      text("protocol").oneOf("http", "http2")
          .about("What is spoken there.").goes("PX.Expose.Paths[].Protocol").otherwise("http"),
      integer("local_path_port")
          .about("The port on which the application serves the path.").goes("PX.Expose.Paths[].LocalPathPort").inferred("none"),
      text("listener_port")
          .about("The label of the port on which the proxy offers it.").goes("PX.Expose.Paths[].ListenerPort").inferred("none"));

  static final Shape EXPOSE = Shape.of("expose",
      blocks(EXPOSED_PATH).api("Paths", "Path")
          .about("A path that is reached past the mesh, as a health check needs it.").goes("PX.Expose.Paths[]"),
      flag("checks").with(API_ONLY).later()
          .about("Whether all checks are let through; not supported, each check has a key of its own.").goes("nowhere"));

  static final Shape TRANSPARENT_PROXY = Shape.of("transparent_proxy",
      text("uid").api("UID")
          .about("The user that the proxy runs as, whose traffic is not redirected.").goes("nowhere; the network of the group").inferred("what the node says, else 101"),
      integer("outbound_port")
          .about("The port that outgoing traffic is redirected to.").goes("nowhere; the network of the group").inferred("what the node says, else 15001"),
      texts("exclude_inbound_ports")
          .about("Ports or labels whose incoming traffic is left alone.").goes("nowhere; the network of the group"),
      texts("exclude_outbound_ports")
          .about("Ports whose outgoing traffic is left alone.").goes("nowhere; the network of the group"),
      texts("exclude_outbound_cidrs").api("ExcludeOutboundCIDRs")
          .about("Destinations whose traffic is left alone.").goes("nowhere; the network of the group"),
      texts("exclude_uids").api("ExcludeUIDs")
          .about("Users whose traffic is left alone.").goes("nowhere; the network of the group"),
      flag("no_dns").api("NoDNS")
          .about("Whether Consul does not answer names inside the group.").goes("nowhere; the network of the group"));

  static final Shape PROXY = Shape.of("proxy",
      text("local_service_address")
          .about("Where the proxy finds the application.").goes("PX.LocalServiceAddress").otherwise("127.0.0.1"),
      integer("local_service_port")
          .about("The port on which it finds it.").goes("PX.LocalServicePort").inferred("the port inside the group of the service's label"),
      opaque("config")
          .about("Settings of the proxy, carried as they are.").goes("PX.Config, beside bind_address and bind_port"),
      blocks(UPSTREAMS)
          .about("Another service that the application reaches through the proxy.").goes("PX.Upstreams[]"),
      block(EXPOSE).api("Expose", "ExposeConfig")
          .about("What is reached past the mesh.").goes("PX.Expose"),
      block(TRANSPARENT_PROXY)
          .about("All traffic of the group goes through the proxy.").goes("PX.Mode"));

  static final Shape SIDECAR_SERVICE = Shape.of("sidecar_service",
      texts("tags")
          .about("Tags of the sidecar instead of the service's.").goes("SC.Tags"),
      text("port")
          .about("The label of the port that the sidecar listens on; never a number.").goes("SC.Address, SC.Port and PX.Config.bind_port").inferred("connect-proxy-SERVICE, which is added"),
      textMap("meta")
          .about("Key and value pairs of the sidecar instead of the service's.").goes("SC.Meta"),
      flag("disable_default_tcp_check").api("DisableDefaultTCPCheck")
          .about("Whether nobody looks if the sidecar listens.").goes("SC.Checks[]"),
      block(PROXY)
          .about("How the proxy behaves.").goes("PX"));

  static final Shape CONNECT = Shape.of("connect",
      block(SIDECAR_SERVICE)
          .about("A proxy beside the service; one of this, native and gateway there must be.").goes("SVC.Connect.SidecarService"),
      block(SidecarTaskShapes.SIDECAR_TASK)
          .about("How the task that runs the proxy differs from the default one.").goes("the proxy's task"),
      flag("native")
          .about("Whether the application speaks the mesh's protocol itself.").goes("SVC.Connect.Native"),
      block(GatewayShapes.GATEWAY)
          .about("The service is a gateway of the mesh.").goes("SVC.Kind and SVC.Proxy.Config"));

  static final Shape SERVICE = Shape.of("service",
      text("name")
          .about("What the service is called; with a sidecar without capitals.").goes("SVC.Name").inferred("JOB-GROUP"),
      texts("tags")
          .about("Words by which it is found.").goes("SVC.Tags"),
      text("port").api("PortLabel")
          .about("The label or number of its port.").goes("SVC.Address, SVC.Port and SVC.ID").inferred("none"),
      text("address_mode").oneOf("auto", "host", "alloc", "alloc_ipv6").laterOneOf("driver")
          .about("Whether the host's address is registered or the group's own.").goes("SVC.Address, SVC.Port").otherwise("auto"),
      flag("enable_tag_override")
          .about("Whether others may change the tags in the catalog.").goes("SVC.EnableTagOverride"),
      textMap("meta")
          .about("Key and value pairs of the service.").goes("SVC.Meta, beside the bridge's marks"),
      text("task").api("TaskName")
          .about("The task that its script checks run in, or that speaks the mesh's protocol.").goes("the bridge itself").inferred("the group's only task, where that is needed"),
      text("on_update").oneOf("require_healthy", "ignore_warnings", "ignore")
          .about("How much its checks weigh in a deployment.").goes("nowhere").otherwise("require_healthy"),
      blocks(CHECK).api("Checks")
          .about("How its health is found out.").goes("SVC.Checks[]"),
      block(CHECK_RESTART)
          .about("When failing checks start the tasks again, for all its checks.").goes("the bridge itself"),
      block(CONNECT)
          .about("Its place in the mesh.").goes("SVC.Connect"),
      text("provider").oneOf("consul").laterOneOf("nomad")
          .about("Who keeps the service; only Consul does here.").goes("nowhere").otherwise("consul"),
      text("cluster").later(DEFAULT)
          .about("The cluster of Consul; only the local agent's is supported yet.").goes("nowhere").otherwise("default"),
      text("namespace").with(API_ONLY).later(DEFAULT)
          .about("The namespace of Consul; only the agent's own is supported yet.").goes("nowhere").otherwise("default"),
      texts("canary_tags")
          .about("Tags instead of the others while the allocation is a canary.").goes("SVC.Tags"),
      textMap("canary_meta")
          .about("Key and value pairs instead of the others while the allocation is a canary.").goes("SVC.Meta"),
      textMap("tagged_addresses")
          .about("Further addresses by name, each an IP or address:port.").goes("SVC.TaggedAddresses"),
      text("address")
          .about("The address itself, instead of an address_mode.").goes("SVC.Address").inferred("by address_mode"),
      text("kind").oneOf("api-gateway", "ingress-gateway", "mesh-gateway", "terminating-gateway")
          .about("What kind of gateway the service is, where it brings its own.").goes("SVC.Kind").inferred("an ordinary service"),
      block(Shape.of("weights", integer("passing")
          .about("Its weight while it is healthy; at least 1.").goes("SVC.Weights.Passing").otherwise("1"), integer("warning")
          .about("Its weight while a check warns; at least 1.").goes("SVC.Weights.Warning").otherwise("1")))
          .about("How much of the traffic it gets.").goes("SVC.Weights"),
      block(SidecarTaskShapes.IDENTITY)
          .about("A token for Consul; read, and left to the scheduler.").goes("nowhere"),
      text("id").api("Id", "ID").with(IGNORED));
  // spotless:on

  private ServiceShapes() {}
}
