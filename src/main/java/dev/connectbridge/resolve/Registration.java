package dev.connectbridge.resolve;

import dev.connectbridge.spec.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A service and its sidecar: what we want the agent to hold, and what it says it holds. Everything
 * that Consul fills in or inherits is written out here, on both sides, so that the difference is
 * {@code equals}.
 *
 * @param id the service's ID
 * @param name its name
 * @param tags its tags, in order: Consul keeps and compares the order
 * @param enableTagOverride whether the catalog's tags win over ours
 * @param address its address; empty lets Consul use the agent's
 * @param port its port, 0 for none
 * @param taggedAddresses further addresses, those that Consul adds by itself left out
 * @param weights its weights in DNS answers
 * @param meta the user's meta, without {@link Marks}
 * @param marks the ownership marks
 * @param checks its checks, by ID
 * @param role what it is in the mesh besides having a sidecar
 * @param sidecar its sidecar
 */
public record Registration(
    ServiceId id,
    String name,
    List<String> tags,
    boolean enableTagOverride,
    String address,
    int port,
    SortedMap<String, TaggedAddress> taggedAddresses,
    Weights weights,
    SortedMap<String, String> meta,
    Marks marks,
    List<Check> checks,
    Role role,
    Optional<Sidecar> sidecar) {

  public Registration {
    tags = List.copyOf(tags);
    taggedAddresses = Collections.unmodifiableSortedMap(new TreeMap<>(taggedAddresses));
    meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    checks = checks.stream().sorted(Comparator.comparing(Check::id)).toList();
  }

  /**
   * Returns this registration as the agent can show it: the agent never tells what a check probes,
   * {@link Marks#hash} stands for that, and of a configuration it keeps what {@link Value#asHeld}
   * says.
   */
  public Registration asHeld() {
    return new Registration(
        id,
        name,
        tags,
        enableTagOverride,
        address,
        port,
        taggedAddresses,
        weights,
        meta,
        marks,
        Check.asHeld(checks),
        role.asHeld(),
        sidecar.map(Sidecar::asHeld));
  }

  /** Returns the same registration with other tags. */
  public Registration withTags(List<String> changed) {
    return new Registration(
        id,
        name,
        changed,
        enableTagOverride,
        address,
        port,
        taggedAddresses,
        weights,
        meta,
        marks,
        checks,
        role,
        sidecar);
  }

  /** Returns the same registration without a sidecar. */
  public Registration withoutSidecar() {
    return with(role, Optional.empty());
  }

  /** Returns the same registration in another role, and with another sidecar or none. */
  public Registration with(Role another, Optional<Sidecar> proxy) {
    return new Registration(
        id,
        name,
        tags,
        enableTagOverride,
        address,
        port,
        taggedAddresses,
        weights,
        meta,
        marks,
        checks,
        another,
        proxy);
  }

  /** Returns the same registration with other marks, on service and sidecar. */
  public Registration withMarks(Marks changed) {
    return new Registration(
        id,
        name,
        tags,
        enableTagOverride,
        address,
        port,
        taggedAddresses,
        weights,
        meta,
        changed,
        checks,
        role,
        sidecar.map(proxy -> proxy.withMarks(changed)));
  }

  /**
   * What a service is in the mesh besides having a sidecar.
   *
   * @param kind {@code ingress-gateway} and the like; empty for a typical service
   * @param isNative whether the application itself speaks the mesh's protocol
   * @param config the settings of a gateway's proxy; empty for others
   */
  public record Role(String kind, boolean isNative, SortedMap<String, Value> config) {
    /** A service that is nothing more. */
    public static final Role TYPICAL = new Role("", false, new TreeMap<>());

    public Role {
      config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
    }

    Role asHeld() {
      return new Role(kind, isNative, Registration.asHeld(config));
    }
  }

  /**
   * A further address.
   *
   * @param address the address
   * @param port the port
   */
  public record TaggedAddress(String address, int port) {}

  /**
   * How often an instance is named in DNS answers.
   *
   * @param passing while it passes
   * @param warning while it warns
   */
  public record Weights(int passing, int warning) {
    /** What Consul takes when nothing is said. */
    public static final Weights CONSULS = new Weights(1, 1);
  }

  /**
   * A health check.
   *
   * @param id its ID on the agent
   * @param name its name
   * @param probe what it does; absent in what the agent shows
   */
  public record Check(String id, String name, Optional<Probe> probe) {
    static List<Check> asHeld(List<Check> checks) {
      return checks.stream()
          .map(check -> new Check(check.id, check.name, Optional.empty()))
          .toList();
    }
  }

  /**
   * What a check does. Texts that were left out are empty, durations zero.
   *
   * @param kind how it probes
   * @param target the URL, {@code host:port}, {@code host:port/service}, the service ID aliased;
   *     empty for a check that somebody reports
   * @param interval the time between two probes
   * @param timeout how long a probe may take
   * @param initialStatus the status until the first probe
   * @param method the HTTP method
   * @param header the HTTP headers
   * @param body the HTTP body
   * @param tlsSkipVerify whether the certificate is not verified
   * @param tlsServerName the name that the certificate must have
   * @param grpcUseTls whether gRPC goes over TLS
   * @param successBeforePassing how many successes make it pass
   * @param failuresBeforeCritical how many failures make it critical
   * @param failuresBeforeWarning how many failures make it warn
   */
  public record Probe(
      Kind kind,
      String target,
      Duration interval,
      Duration timeout,
      String initialStatus,
      String method,
      SortedMap<String, List<String>> header,
      String body,
      boolean tlsSkipVerify,
      String tlsServerName,
      boolean grpcUseTls,
      int successBeforePassing,
      int failuresBeforeCritical,
      int failuresBeforeWarning) {

    public Probe {
      header = Collections.unmodifiableSortedMap(new TreeMap<>(header));
    }

    /** How a check probes. */
    public enum Kind {
      HTTP,
      TCP,
      GRPC,
      ALIAS,
      TTL
    }

    /** Returns the check that is as healthy as another service. */
    public static Probe alias(ServiceId service) {
      return plain(Kind.ALIAS, service.value(), Duration.ZERO);
    }

    /** Returns the check that connects. */
    public static Probe tcp(String hostPort, Duration interval) {
      return plain(Kind.TCP, hostPort, interval);
    }

    /** Returns the check that somebody reports, at least this often. */
    public static Probe ttl(Duration within, Duration timeout, String initialStatus) {
      Probe plain = plain(Kind.TTL, "", within);
      return new Probe(
          plain.kind,
          plain.target,
          plain.interval,
          timeout,
          initialStatus,
          plain.method,
          plain.header,
          plain.body,
          plain.tlsSkipVerify,
          plain.tlsServerName,
          plain.grpcUseTls,
          plain.successBeforePassing,
          plain.failuresBeforeCritical,
          plain.failuresBeforeWarning);
    }

    private static Probe plain(Kind kind, String target, Duration interval) {
      return new Probe(
          kind,
          target,
          interval,
          Duration.ZERO,
          "",
          "",
          new TreeMap<>(),
          "",
          false,
          "",
          false,
          0,
          0,
          0);
    }
  }

  /**
   * The sidecar proxy, nested in its service's registration.
   *
   * @param tags its tags; Consul would inherit the service's, so they are written out
   * @param address its address
   * @param port its port on the host, never 0
   * @param meta the user's meta, without {@link Marks}, inherited pairs written out
   * @param marks the ownership marks; on the wanted side the same as the service's
   * @param proxy the proxy's settings
   * @param checks its checks, by ID
   */
  public record Sidecar(
      List<String> tags,
      String address,
      int port,
      SortedMap<String, String> meta,
      Marks marks,
      Proxy proxy,
      List<Check> checks) {

    public Sidecar {
      tags = List.copyOf(tags);
      meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
      checks = checks.stream().sorted(Comparator.comparing(Check::id)).toList();
    }

    Sidecar withMarks(Marks changed) {
      return new Sidecar(tags, address, port, meta, changed, proxy, checks);
    }

    /** Returns this sidecar as the agent can show it. */
    public Sidecar asHeld() {
      return new Sidecar(tags, address, port, meta, marks, proxy.asHeld(), Check.asHeld(checks));
    }
  }

  /**
   * The settings of a proxy.
   *
   * @param localServiceAddress where the application listens, 127.0.0.1 unless said
   * @param localServicePort the port that the application listens on; the service's unless said
   * @param config opaque settings, {@code bind_address} and {@code bind_port} among them
   * @param mode {@code transparent}, or empty
   * @param expose the paths that it lets through without the mesh, in order
   * @param upstreams the services reached through it, in order
   */
  public record Proxy(
      String localServiceAddress,
      int localServicePort,
      SortedMap<String, Value> config,
      String mode,
      List<ExposedPath> expose,
      List<Upstream> upstreams) {

    public Proxy {
      expose = List.copyOf(expose);
      config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
      upstreams = List.copyOf(upstreams);
    }

    Proxy asHeld() {
      return new Proxy(
          localServiceAddress,
          localServicePort,
          Registration.asHeld(config),
          mode,
          expose,
          upstreams.stream().map(Upstream::asHeld).toList());
    }
  }

  /**
   * A path that a proxy lets through.
   *
   * @param path the path
   * @param protocol {@code http}, {@code http2}, or empty
   * @param localPathPort the application's port
   * @param listenerPort the port of the host that the proxy listens on
   */
  public record ExposedPath(String path, String protocol, int localPathPort, int listenerPort) {}

  /**
   * A service reached through a proxy. Texts that were left out are empty, except for those that
   * Consul fills in.
   *
   * @param destinationName the service
   * @param destinationNamespace its namespace
   * @param destinationPartition its admin partition
   * @param destinationPeer the peer that it is in
   * @param destinationType {@code service} unless said
   * @param datacenter its datacenter
   * @param localBindAddress where the proxy listens for it
   * @param localBindPort the port that it listens on, 0 with a socket
   * @param localBindSocketPath the unix socket that it listens on instead
   * @param localBindSocketMode that socket's mode
   * @param meshGatewayMode the mesh gateway mode
   * @param config opaque settings
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
      SortedMap<String, Value> config) {

    public Upstream {
      config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
    }

    Upstream asHeld() {
      return new Upstream(
          destinationName,
          destinationNamespace,
          destinationPartition,
          destinationPeer,
          destinationType,
          datacenter,
          localBindAddress,
          localBindPort,
          localBindSocketPath,
          localBindSocketMode,
          meshGatewayMode,
          Registration.asHeld(config));
    }
  }

  private static SortedMap<String, Value> asHeld(Map<String, Value> config) {
    SortedMap<String, Value> held = new TreeMap<>(Value.withoutNulls(config));
    held.replaceAll((key, value) -> value.asHeld());
    return held;
  }

  /** Returns a map sorted by key. */
  public static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return new TreeMap<>(map);
  }
}
