package dev.connectbridge.resolve;

/**
 * The fields that not every Consul knows, and the release that brought each. That 1.8.7 refuses the
 * whole body for any one of them ("unknown field") is measured. The releases are not: they are
 * those in which the features came, as far as is known; a field that is taken for older than it is
 * shows as a refused registration, one taken for newer as a warning.
 */
enum AgentField {
  // came with transparent proxies
  MODE("transparent_proxy", 1, 10),
  // came with upstreams on unix sockets
  LOCAL_BIND_SOCKET_PATH("local_bind_socket_path", 1, 10),
  // as the path
  LOCAL_BIND_SOCKET_MODE("local_bind_socket_mode", 1, 10),
  // change 9475
  TLS_SERVER_NAME("tls_server_name", 1, 10),
  // the reference of health checks says so, change 10969
  FAILURES_BEFORE_WARNING("failures_before_warning", 1, 11),
  // came with admin partitions
  DESTINATION_PARTITION("destination_partition", 1, 11),
  // came with cluster peering
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
