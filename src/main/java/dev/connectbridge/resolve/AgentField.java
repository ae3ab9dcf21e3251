package dev.connectbridge.resolve;

import java.util.Arrays;
import java.util.Optional;

/**
 * The fields that not every Consul knows, and the release that brought each, after Consul's
 * changelog (the numbers are those of its changes). That 1.8.7 refuses the whole body for any one
 * of them is measured ("unknown field", for configuration entries "invalid config key").
 */
enum AgentField {
  /** Proxies that catch all traffic: 1.10.0, change 9894. */
  MODE("transparent_proxy", "1.10.0"),
  /** Unix sockets of upstreams: 1.10.0, change 9981. */
  LOCAL_BIND_SOCKET_PATH("local_bind_socket_path", "1.10.0"),
  /** As the path: 1.10.0, change 9981. */
  LOCAL_BIND_SOCKET_MODE("local_bind_socket_mode", "1.10.0"),
  /** Server names of checks over TLS: 1.10.0, change 9475. */
  TLS_SERVER_NAME("tls_server_name", "1.10.0"),
  /** A threshold before the warning: 1.11.0, change 10969. */
  FAILURES_BEFORE_WARNING("failures_before_warning", "1.11.0"),
  /** Admin partitions: 1.11.0. */
  DESTINATION_PARTITION("destination_partition", "1.11.0"),
  /** Cluster peering: 1.13.0. */
  DESTINATION_PEER("destination_peer", "1.13.0"),
  /** Meta of configuration entries: 1.8.4, change 8596; that 1.8.7 takes it is measured. */
  ENTRY_META("Meta", "1.8.4"),
  /** Certificates of ingress gateways from elsewhere: 1.11.0, change 10903. */
  SDS("sds", "1.11.0"),
  /** What ingress gateways change in headers: 1.11.0, change 10613. */
  HEADERS("request_headers and response_headers", "1.11.0"),
  /** Versions and ciphers of ingress gateways: 1.11.2, change 11576. */
  TLS_VERSIONS("tls_min_version, tls_max_version and cipher_suites", "1.11.2"),
  /** Limits of ingress gateways: 1.13.3, and 1.12.6 and 1.11.11 of the same day, change 14749. */
  LIMITS(
      "max_connections, max_pending_requests and max_concurrent_requests",
      "1.13.3",
      "1.12.6",
      "1.11.11");

  private final String key;
  private final String since;
  private final String earlier;

  AgentField(String key, String since, String... earlier) {
    this.key = key;
    this.since = since;
    this.earlier = String.join(" ", earlier);
  }

  /** Returns its key in a spec. */
  String key() {
    return key;
  }

  /** Returns the release that brought it. */
  ConsulVersion since() {
    return ConsulVersion.of(since).orElseThrow();
  }

  boolean isKnownTo(ConsulVersion agent) {
    return agent.compareTo(since()) >= 0
        || Arrays.stream(earlier.split(" "))
            .flatMap(release -> ConsulVersion.of(release).stream())
            .anyMatch(patched -> agent.patches(patched));
  }

  /** Returns in words that an agent does not know it. */
  String unknownTo(ConsulVersion agent) {
    return "Consul %s does not know %s, which came with %s".formatted(agent, key, since);
  }

  /** An agent whose release is not known is not spared anything. */
  boolean isKnownTo(Optional<ConsulVersion> agent) {
    return agent.map(this::isKnownTo).orElse(true);
  }
}
