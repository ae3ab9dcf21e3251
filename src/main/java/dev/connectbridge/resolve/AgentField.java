package dev.connectbridge.resolve;

/**
 * The fields that not every Consul knows, and the release that brought each. That 1.8.7 refuses the
 * whole body for any one of them ("unknown field") is measured; the release is the one that
 * Consul's release notes or reference name.
 */
enum AgentField {
  // release notes of 1.10.0, transparent proxies
  MODE("transparent_proxy", 1, 10),
  // release notes of 1.10.0, upstreams on unix sockets
  LOCAL_BIND_SOCKET_PATH("local_bind_socket_path", 1, 10),
  // as the path
  LOCAL_BIND_SOCKET_MODE("local_bind_socket_mode", 1, 10),
  // release notes of 1.10.0, change 9475
  TLS_SERVER_NAME("tls_server_name", 1, 10),
  // reference of health checks: "added in 1.11.0", change 10969
  FAILURES_BEFORE_WARNING("failures_before_warning", 1, 11),
  // release notes of 1.11.0, admin partitions
  DESTINATION_PARTITION("destination_partition", 1, 11),
  // release notes of 1.13.0, cluster peering
  DESTINATION_PEER("destination_peer", 1, 13);

  private final String key;
  private final int major;
  private final int minor;

  AgentField(String key, int major, int minor) {
    this.key = key;
    this.major = major;
    this.minor = minor;
  }

  /** Returns its key in a spec. */
  String key() {
    return key;
  }

  /** Returns the release that brought it. */
  ConsulVersion since() {
    return new ConsulVersion(major, minor, 0);
  }

  boolean isKnownTo(ConsulVersion agent) {
    return agent.compareTo(since()) >= 0;
  }
}
