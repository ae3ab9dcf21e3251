package dev.connectbridge.parse;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.ConnectSpec.Proxy;
import dev.connectbridge.spec.ConnectSpec.Sidecar;
import dev.connectbridge.spec.ConnectSpec.SidecarTask;
import dev.connectbridge.spec.ConnectSpec.Upstream;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Makes a service's place in the mesh of its section. */
final class ConnectReader {
  private ConnectReader() {}

  static ConnectSpec read(Section connect) {
    return new ConnectSpec(
        connect.block("sidecar_service").map(ConnectReader::sidecar),
        connect.block("sidecar_task").map(ConnectReader::sidecarTask),
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
    return new Proxy("", OptionalInt.empty(), Map.of(), List.of(), sidecar.origin());
  }

  private static Proxy proxy(Section proxy) {
    return new Proxy(
        proxy.text("local_service_address"),
        Zero.isUnsaid(proxy.integer("local_service_port")),
        proxy.opaque("config"),
        proxy.blocks("upstreams").stream().map(ConnectReader::upstream).toList(),
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
