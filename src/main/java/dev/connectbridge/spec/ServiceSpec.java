package dev.connectbridge.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A group service, as Nomad's {@code service} block has it.
 *
 * @param name its name; empty where the author left it to be {@code job-group}
 * @param tags its tags, in order
 * @param canary what is different about an instance that is a canary
 * @param portLabel a port label, a number as text, or empty
 * @param addressMode {@code auto}, {@code host}, {@code alloc} or {@code alloc_ipv6}
 * @param address an address that takes the place of the host's; empty for none
 * @param taggedAddresses further addresses by name, each {@code address} or {@code address:port}
 * @param enableTagOverride whether the catalog's tags win over the spec's
 * @param meta its meta
 * @param weights its weights in DNS answers; absent leaves them to Consul
 * @param kind {@code api-gateway} and the like; empty for a typical service
 * @param task the task that it belongs to; empty for none
 * @param onUpdate {@code require_healthy}, {@code ignore_warnings} or {@code ignore}; never sent
 * @param checks its health checks
 * @param connect its place in the mesh; absent for a plain service
 * @param origin where the block stands
 */
public record ServiceSpec(
    String name,
    List<String> tags,
    Canary canary,
    String portLabel,
    String addressMode,
    String address,
    Map<String, String> taggedAddresses,
    boolean enableTagOverride,
    Map<String, String> meta,
    Optional<Weights> weights,
    String kind,
    String task,
    String onUpdate,
    List<Check> checks,
    Optional<ConnectSpec> connect,
    Origin origin) {

  public ServiceSpec {
    tags = List.copyOf(tags);
    taggedAddresses = Ordered.copy(taggedAddresses);
    meta = Ordered.copy(meta);
    checks = List.copyOf(checks);
  }

  /**
   * What an instance has in place of the service's own as long as it is an unpromoted canary; empty
   * means the service's own.
   *
   * @param tags its tags
   * @param meta its meta
   */
  public record Canary(List<String> tags, Map<String, String> meta) {
    /** Nothing is different. */
    public static final Canary NONE = new Canary(List.of(), Map.of());

    public Canary {
      tags = List.copyOf(tags);
      meta = Ordered.copy(meta);
    }
  }

  /**
   * How often an instance is named in DNS answers.
   *
   * @param passing while it passes
   * @param warning while it warns
   */
  public record Weights(int passing, int warning) {}

  /** Returns the sidecar that the service asks for, if any. */
  public Optional<ConnectSpec.Sidecar> sidecar() {
    return connect.flatMap(ConnectSpec::sidecar);
  }

  /** Returns the same service under another name. */
  public ServiceSpec withName(String changed) {
    return with(changed, portLabel, checks, connect);
  }

  /** Returns the same service with another name, port label, checks and place in the mesh. */
  public ServiceSpec with(
      String newName, String newPort, List<Check> newChecks, Optional<ConnectSpec> newConnect) {
    return new ServiceSpec(
        newName,
        tags,
        canary,
        newPort,
        addressMode,
        address,
        taggedAddresses,
        enableTagOverride,
        meta,
        weights,
        kind,
        task,
        onUpdate,
        newChecks,
        newConnect,
        origin);
  }

  /**
   * A health check of the service itself.
   *
   * @param name its name; empty where the author left it to be {@code service: "NAME" check}
   * @param type {@code http}, {@code tcp}, {@code grpc} or {@code script}
   * @param path the path and query of an HTTP check
   * @param protocol the scheme of an HTTP check; empty means http
   * @param portLabel the label or number it is sent to; empty means the service's
   * @param addressMode {@code host}, {@code alloc} or {@code alloc_ipv6}; empty means host
   * @param interval the time between two probes
   * @param timeout how long a probe may take
   * @param initialStatus the status until the first probe; empty leaves it to Consul
   * @param method the HTTP method; empty means GET
   * @param header the HTTP headers
   * @param body the HTTP body
   * @param tlsSkipVerify whether the certificate is not verified
   * @param tlsServerName the name that the certificate must have; empty means the host's
   * @param grpcService the gRPC service asked about
   * @param grpcUseTls whether gRPC goes over TLS
   * @param successBeforePassing how many successes make it pass
   * @param failuresBeforeCritical how many failures make it critical
   * @param failuresBeforeWarning how many failures make it warn
   * @param script what a script check runs
   * @param expose whether the proxy lets the probe through to the application
   * @param restart when a failing check restarts the group; never sent
   * @param origin where the block stands
   */
  public record Check(
      String name,
      String type,
      String path,
      String protocol,
      String portLabel,
      String addressMode,
      Duration interval,
      Duration timeout,
      String initialStatus,
      String method,
      Map<String, List<String>> header,
      String body,
      boolean tlsSkipVerify,
      String tlsServerName,
      String grpcService,
      boolean grpcUseTls,
      int successBeforePassing,
      int failuresBeforeCritical,
      int failuresBeforeWarning,
      Script script,
      boolean expose,
      Optional<Restart> restart,
      Origin origin) {

    public Check {
      header = Ordered.copy(header);
    }

    /** Returns the same check sent to another port. */
    public Check withPort(String label) {
      return new Check(
          name,
          type,
          path,
          protocol,
          label,
          addressMode,
          interval,
          timeout,
          initialStatus,
          method,
          header,
          body,
          tlsSkipVerify,
          tlsServerName,
          grpcService,
          grpcUseTls,
          successBeforePassing,
          failuresBeforeCritical,
          failuresBeforeWarning,
          script,
          expose,
          restart,
          origin);
    }

    /** Returns the same check with other values for what newer Consuls alone know. */
    public Check withNewer(String serverName, int beforeWarning) {
      return new Check(
          name,
          type,
          path,
          protocol,
          portLabel,
          addressMode,
          interval,
          timeout,
          initialStatus,
          method,
          header,
          body,
          tlsSkipVerify,
          serverName,
          grpcService,
          grpcUseTls,
          successBeforePassing,
          failuresBeforeCritical,
          beforeWarning,
          script,
          expose,
          restart,
          origin);
    }
  }

  /**
   * What a script check runs.
   *
   * @param command the command; empty for other checks
   * @param args its arguments
   * @param task the task that it runs in; empty means the service's
   */
  public record Script(String command, List<String> args, String task) {
    public Script {
      args = List.copyOf(args);
    }
  }

  /**
   * When a failing check restarts the group.
   *
   * @param limit after how many failures; 0 for never
   * @param grace how long after a start failures do not count
   * @param ignoreWarnings whether a warning is no failure
   */
  public record Restart(int limit, Duration grace, boolean ignoreWarnings) {}
}
