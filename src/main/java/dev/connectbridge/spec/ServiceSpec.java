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
 * @param portLabel a port label, a number as text, or empty
 * @param addressMode {@code auto}, {@code host} or {@code alloc}
 * @param enableTagOverride whether the catalog's tags win over the spec's
 * @param meta its meta
 * @param task the task that it belongs to; empty for none
 * @param onUpdate {@code require_healthy}, {@code ignore_warnings} or {@code ignore}; never sent
 * @param checks its health checks
 * @param connect its place in the mesh; absent for a plain service
 * @param origin where the block stands
 */
public record ServiceSpec(
    String name,
    List<String> tags,
    String portLabel,
    String addressMode,
    boolean enableTagOverride,
    Map<String, String> meta,
    String task,
    String onUpdate,
    List<Check> checks,
    Optional<ConnectSpec> connect,
    Origin origin) {

  public ServiceSpec {
    tags = List.copyOf(tags);
    meta = Ordered.copy(meta);
    checks = List.copyOf(checks);
  }

  /** Returns the sidecar that the service asks for, if any. */
  public Optional<ConnectSpec.Sidecar> sidecar() {
    return connect.flatMap(ConnectSpec::sidecar);
  }

  /** Returns the same service under another name. */
  public ServiceSpec withName(String changed) {
    return new ServiceSpec(
        changed,
        tags,
        portLabel,
        addressMode,
        enableTagOverride,
        meta,
        task,
        onUpdate,
        checks,
        connect,
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
   * @param addressMode {@code host} or {@code alloc}; empty means host
   * @param interval the time between two probes
   * @param timeout how long a probe may take
   * @param initialStatus the status until the first probe; empty leaves it to Consul
   * @param method the HTTP method; empty means GET
   * @param header the HTTP headers
   * @param body the HTTP body
   * @param tlsSkipVerify whether the certificate is not verified
   * @param grpcService the gRPC service asked about
   * @param grpcUseTls whether gRPC goes over TLS
   * @param successBeforePassing how many successes make it pass
   * @param failuresBeforeCritical how many failures make it critical
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
      String grpcService,
      boolean grpcUseTls,
      int successBeforePassing,
      int failuresBeforeCritical,
      Origin origin) {

    public Check {
      header = Ordered.copy(header);
    }
  }
}
