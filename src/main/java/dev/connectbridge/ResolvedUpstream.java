package dev.connectbridge;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says what there is to say about a service that is reached through a {@link ResolvedSidecar}. For
 * one thread at a time; nulls and empty texts are {@link IllegalArgumentException}s.
 */
public final class ResolvedUpstream {
  private final String destination;
  private final int port;
  private final String socket;
  private final Map<String, Value> config = new LinkedHashMap<>();
  private String namespace = "";
  private String partition = "";
  private String peer = "";
  private String type = "";
  private String datacenter = "";
  private String bindAddress = "";
  private String socketMode = "";
  private String meshGateway = "";

  private ResolvedUpstream(String destination, int port, String socket) {
    this.destination = destination;
    this.port = port;
    this.socket = socket;
  }

  static ResolvedUpstream atPort(String destination, int port) {
    return new ResolvedUpstream(destination, port, "");
  }

  static ResolvedUpstream atSocket(String destination, String socket) {
    return new ResolvedUpstream(destination, 0, socket);
  }

  /** Says the destination's datacenter; the proxy's own unless said. */
  public ResolvedUpstream datacenter(String name) {
    this.datacenter = Given.text("datacenter", name);
    return this;
  }

  /** Says what kind the destination is: {@code service} unless said, or {@code prepared_query}. */
  public ResolvedUpstream destinationType(String kind) {
    this.type = Given.oneOf("destination type", kind, "service", "prepared_query");
    return this;
  }

  /** Says the destination's Consul namespace. */
  public ResolvedUpstream destinationNamespace(String name) {
    this.namespace = Given.text("destination namespace", name);
    return this;
  }

  /** Says the destination's admin partition. */
  public ResolvedUpstream destinationPartition(String name) {
    this.partition = Given.text("destination partition", name);
    return this;
  }

  /** Says the peer that the destination is in. */
  public ResolvedUpstream destinationPeer(String name) {
    this.peer = Given.text("destination peer", name);
    return this;
  }

  /** Says where the proxy listens for it; 127.0.0.1 unless said. */
  public ResolvedUpstream localBindAddress(String address) {
    this.bindAddress = Given.text("local bind address", address);
    return this;
  }

  /** Says the mode of the socket, in octal digits. */
  public ResolvedUpstream localBindSocketMode(String mode) {
    this.socketMode = Given.text("local bind socket mode", mode);
    return this;
  }

  /** Says which mesh gateways are used: {@code none}, {@code local} or {@code remote}. */
  public ResolvedUpstream meshGateway(String mode) {
    this.meshGateway = Given.oneOf("mesh gateway mode", mode, "none", "local", "remote");
    return this;
  }

  /** Tells the proxy something about it that the bridge does not look at. */
  public ResolvedUpstream config(String key, Value value) {
    config.put(Given.text("config key", key), Given.notNull("config value", value));
    return this;
  }

  ConnectSpec.Upstream spec(String path) {
    return new ConnectSpec.Upstream(
        destination,
        namespace,
        partition,
        peer,
        type,
        datacenter,
        bindAddress,
        port,
        socket,
        socketMode,
        meshGateway,
        config,
        ResolvedGroup.at(path));
  }
}
