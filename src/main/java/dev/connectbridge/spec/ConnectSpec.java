package dev.connectbridge.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The {@code connect} block of a service.
 *
 * @param isNative whether the application itself speaks the mesh's protocol
 * @param sidecar the proxy that stands before the service
 * @param sidecarTask what is to be different about the task that runs the proxy
 * @param gateway the gateway that the service is
 * @param origin where the block stands
 */
public record ConnectSpec(
    boolean isNative,
    Optional<Sidecar> sidecar,
    Optional<SidecarTask> sidecarTask,
    Optional<GatewaySpec> gateway,
    Origin origin) {

  /** Returns the same block with another sidecar. */
  public ConnectSpec withSidecar(Sidecar changed) {
    return new ConnectSpec(isNative, Optional.of(changed), sidecarTask, gateway, origin);
  }

  /** Returns the same block with another gateway. */
  public ConnectSpec withGateway(GatewaySpec changed) {
    return new ConnectSpec(isNative, sidecar, sidecarTask, Optional.of(changed), origin);
  }

  /**
   * The {@code sidecar_service} block.
   *
   * @param tags the sidecar's own tags; empty means the service's
   * @param portLabel the label of its port; empty means {@code connect-proxy-SERVICE}
   * @param meta its own meta; empty means the service's
   * @param disableDefaultTcpCheck whether nobody probes that the proxy listens
   * @param proxy the proxy's settings
   * @param origin where the block stands
   */
  public record Sidecar(
      List<String> tags,
      String portLabel,
      Map<String, String> meta,
      boolean disableDefaultTcpCheck,
      Proxy proxy,
      Origin origin) {

    public Sidecar {
      tags = List.copyOf(tags);
      meta = Ordered.copy(meta);
    }

    /** Returns the same sidecar with other settings of its proxy. */
    public Sidecar withProxy(Proxy changed) {
      return new Sidecar(tags, portLabel, meta, disableDefaultTcpCheck, changed, origin);
    }

    /** Returns the same sidecar, letting these paths through as well. */
    public Sidecar exposing(List<ExposedPath> paths) {
      Proxy exposing =
          new Proxy(
              proxy.localServiceAddress(),
              proxy.localServicePort(),
              proxy.config(),
              paths,
              proxy.transparent(),
              proxy.upstreams(),
              proxy.origin());
      return withProxy(exposing);
    }
  }

  /**
   * The {@code proxy} block.
   *
   * @param localServiceAddress where the application listens; empty means 127.0.0.1
   * @param localServicePort the port that the application listens on, where it is said
   * @param config what the proxy itself is told, opaque
   * @param expose the paths that the proxy lets through without the mesh
   * @param transparent whether all traffic of the group is caught; absent for no
   * @param upstreams the services that the application reaches through the proxy, in order
   * @param origin where the block stands
   */
  public record Proxy(
      String localServiceAddress,
      OptionalInt localServicePort,
      Map<String, Value> config,
      List<ExposedPath> expose,
      Optional<TransparentProxy> transparent,
      List<Upstream> upstreams,
      Origin origin) {

    /** The block that was left out. */
    public static final Proxy NONE =
        new Proxy(
            "", OptionalInt.empty(), Map.of(), List.of(), Optional.empty(), List.of(), Origin.NONE);

    public Proxy {
      config = Ordered.copy(config);
      expose = List.copyOf(expose);
      upstreams = List.copyOf(upstreams);
    }
  }

  /**
   * A path that the proxy lets through to the application.
   *
   * @param path the path
   * @param protocol {@code http}, {@code http2}, or empty
   * @param localPathPort the port that the application serves it on
   * @param listenerPort the label of the port that the proxy listens on for it
   * @param origin where the block stands
   */
  public record ExposedPath(
      String path, String protocol, int localPathPort, String listenerPort, Origin origin) {}

  /**
   * The {@code transparent_proxy} block. Only its presence reaches Consul; the rest is for whoever
   * sets up the group's network.
   *
   * @param uid the user that the proxy runs as
   * @param outboundPort the port that the proxy catches outgoing traffic on
   * @param excludeInboundPorts ports or labels whose traffic is not caught
   * @param excludeOutboundPorts ports to which traffic is not caught
   * @param excludeOutboundCidrs networks to which traffic is not caught
   * @param excludeUids users whose traffic is not caught
   * @param noDns whether the group's names are not resolved by Consul
   * @param origin where the block stands
   */
  public record TransparentProxy(
      String uid,
      int outboundPort,
      List<String> excludeInboundPorts,
      List<String> excludeOutboundPorts,
      List<String> excludeOutboundCidrs,
      List<String> excludeUids,
      boolean noDns,
      Origin origin) {

    public TransparentProxy {
      excludeInboundPorts = List.copyOf(excludeInboundPorts);
      excludeOutboundPorts = List.copyOf(excludeOutboundPorts);
      excludeOutboundCidrs = List.copyOf(excludeOutboundCidrs);
      excludeUids = List.copyOf(excludeUids);
    }
  }

  /**
   * The {@code upstreams} block: one service reached through the proxy. Text keys that were left
   * out are empty.
   *
   * @param destinationName the service reached
   * @param destinationNamespace its Consul namespace
   * @param destinationPartition its admin partition
   * @param destinationPeer the peer that it is in
   * @param destinationType {@code service} or {@code prepared_query}
   * @param datacenter its datacenter
   * @param localBindAddress where the proxy listens for it; empty means 127.0.0.1
   * @param localBindPort the port it listens on, 0 where it is not said
   * @param localBindSocketPath the unix socket it listens on instead
   * @param localBindSocketMode that socket's mode
   * @param meshGatewayMode {@code none}, {@code local} or {@code remote}
   * @param config what the proxy is told about it, opaque
   * @param origin where the block stands
   */
  public record Upstream(
      String destinationName,
      String destinationNamespace,
      String destinationPartition,
      String destinationPeer,
      String destinationType,
      String datacenter,
      String localBindAddress,
      int localBindPort,
      String localBindSocketPath,
      String localBindSocketMode,
      String meshGatewayMode,
      Map<String, Value> config,
      Origin origin) {

    public Upstream {
      config = Ordered.copy(config);
    }

    /** Returns the same upstream with other values for what newer Consuls alone know. */
    public Upstream withNewer(String partition, String peer, String socketMode) {
      return new Upstream(
          destinationName,
          destinationNamespace,
          partition,
          peer,
          destinationType,
          datacenter,
          localBindAddress,
          localBindPort,
          localBindSocketPath,
          socketMode,
          meshGatewayMode,
          config,
          origin);
    }
  }

  /**
   * The {@code sidecar_task} block: only what its author set; everything else stays as the default
   * task has it.
   *
   * @param name the task's name
   * @param driver the driver that runs it
   * @param user the user that it runs as
   * @param config what the driver is told
   * @param env its environment
   * @param resources its resources
   * @param meta its meta
   * @param logs its log rotation
   * @param killTimeout how long it may take to end after the signal
   * @param shutdownDelay the time between deregistering and signalling it
   * @param killSignal the signal
   * @param origin where the block stands
   */
  public record SidecarTask(
      String name,
      String driver,
      String user,
      Map<String, Value> config,
      Map<String, String> env,
      TaskSpec.Resources resources,
      Map<String, String> meta,
      TaskSpec.Logs logs,
      Optional<Duration> killTimeout,
      Optional<Duration> shutdownDelay,
      String killSignal,
      Origin origin) {

    public SidecarTask {

      config = Ordered.copy(config);
      env = Ordered.copy(env);
      meta = Ordered.copy(meta);
    }

    /** Says neither environment nor configuration: secrets may be in them. */
    @Override
    public String toString() {
      return "sidecar task " + name + " (" + driver + ")";
    }
  }
}
