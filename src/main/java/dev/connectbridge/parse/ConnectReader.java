package dev.connectbridge.parse;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.ConnectSpec.ExposedPath;
import dev.connectbridge.spec.ConnectSpec.Proxy;
import dev.connectbridge.spec.ConnectSpec.Sidecar;
import dev.connectbridge.spec.ConnectSpec.SidecarTask;
import dev.connectbridge.spec.ConnectSpec.TransparentProxy;
import dev.connectbridge.spec.ConnectSpec.Upstream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes a service's place in the mesh of its section. */
final class ConnectReader {
  private ConnectReader() {}

  static ConnectSpec read(Section connect) {
    return new ConnectSpec(
        connect.flag("native"),
        connect.block("sidecar_service").map(ConnectReader::sidecar),
        connect.block("sidecar_task").map(ConnectReader::sidecarTask),
        connect.block("gateway").map(GatewayReader::read),
        connect.origin());
  }

  private static Sidecar sidecar(Section sidecar) {
    return new Sidecar(
        sidecar.texts("tags"),
        sidecar.text("port"),
        sidecar.textMap("meta"),
        sidecar.flag("disable_default_tcp_check"),
        sidecar.block("proxy").map(ConnectReader::proxy).orElseGet(() -> noProxy(sidecar)),
        sidecar.origin());
  }

  /** Returns the block that was left out; what is wrong with it stands where it might stand. */
  private static Proxy noProxy(Section sidecar) {
    return new Proxy(
        "",
        OptionalInt.empty(),
        Map.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        sidecar.origin());
  }

  private static Proxy proxy(Section proxy) {
    return new Proxy(
        proxy.text("local_service_address"),
        Zero.isUnsaid(proxy.integer("local_service_port")),
        proxy.opaque("config"),
        proxy.block("expose").map(ConnectReader::paths).orElse(List.of()),
        proxy.block("transparent_proxy").map(ConnectReader::transparent),
        proxy.blocks("upstreams").stream().map(ConnectReader::upstream).toList(),
        proxy.origin());
  }

  private static List<ExposedPath> paths(Section expose) {
    return expose.blocks("path").stream()
        .map(
            path ->
                new ExposedPath(
                    path.text("path"),
                    path.text("protocol"),
                    path.integer("local_path_port").orElse(0),
                    path.text("listener_port"),
                    path.origin()))
        .toList();
  }

  private static TransparentProxy transparent(Section proxy) {
    return new TransparentProxy(
        proxy.text("uid"),
        proxy.integer("outbound_port").orElse(0),
        proxy.texts("exclude_inbound_ports"),
        proxy.texts("exclude_outbound_ports"),
        proxy.texts("exclude_outbound_cidrs"),
        proxy.texts("exclude_uids"),
        proxy.flag("no_dns"),
        proxy.origin());
  }

  private static Upstream upstream(Section upstream) {
    return new Upstream(
        upstream.text("destination_name"),
        upstream.text("destination_namespace"),
        upstream.text("destination_partition"),
        upstream.text("destination_peer"),
        upstream.text("destination_type"),
        upstream.text("datacenter"),
        upstream.text("local_bind_address"),
        upstream.integer("local_bind_port").orElse(0),
        upstream.text("local_bind_socket_path"),
        upstream.text("local_bind_socket_mode"),
        upstream.block("mesh_gateway").map(gateway -> gateway.text("mode")).orElse(""),
        upstream.opaque("config"),
        upstream.origin());
  }

  private static SidecarTask sidecarTask(Section task) {
    return new SidecarTask(
        task.text("name"),
        task.text("driver"),
        task.text("user"),
        task.opaque("config"),
        task.textMap("env"),
        TaskReader.resources(task),
        task.textMap("meta"),
        TaskReader.logs(task),
        task.duration("kill_timeout"),
        task.duration("shutdown_delay"),
        task.text("kill_signal"),
        task.origin());
  }
}
