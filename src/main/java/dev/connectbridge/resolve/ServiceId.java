package dev.connectbridge.resolve;

import dev.connectbridge.spec.Spelling;

/**
 * The ID of a service that this project registers. It is made of {@code [A-Za-z0-9._-]} and begins
 * with {@link #PREFIX}: Consul 1.8.7 stores any ID, but some it cannot address again, and {@code
 * consul} is its own.
 *
 * @param value the ID as Consul knows it
 */
public record ServiceId(String value) implements Comparable<ServiceId> {

  /** What every ID of ours begins with. Distinct from Nomad's, which a Nomad client would reap. */
  public static final String PREFIX = "_connect-bridge-";

  /** What Consul puts behind the ID of a service to name its nested sidecar. */
  public static final String SIDECAR_SUFFIX = "-sidecar-proxy";

  private static final String ADDRESSABLE = "._-";

  public ServiceId {
    if (!looksOurs(value)) {
      throw new IllegalArgumentException("not an ID of ours: " + value);
    }
  }

  /**
   * Returns whether an ID that the agent holds has the form of ours; the marks decide ownership.
   */
  public static boolean looksOurs(String id) {
    return id.startsWith(PREFIX) && Spelling.isPlain(id, ADDRESSABLE);
  }

  /**
   * Returns the ID of a group service. A dot separates the parts, because a service name cannot
   * hold one; characters that an ID cannot hold become dashes.
   */
  public static ServiceId of(String allocation, String group, String service, String portLabel) {
    return new ServiceId(
        PREFIX
            + safe(allocation)
            + "."
            + safe(group)
            + "."
            + safe(service)
            + (portLabel.isEmpty() ? "" : "." + safe(portLabel)));
  }

  private static String safe(String part) {
    return Spelling.plain(part, "_-", '-');
  }

  /** Returns the allocation's ID that it was made of. */
  public String allocation() {
    int dot = value.indexOf('.');
    return value.substring(PREFIX.length(), dot < 0 ? value.length() : dot);
  }

  /** Returns the ID that Consul gives the nested sidecar. */
  public String sidecar() {
    return value + SIDECAR_SUFFIX;
  }

  /** Returns the ID of a check of this service; {@code name} is made of the same characters. */
  public String check(String name) {
    return value + ".check-" + name;
  }

  @Override
  public int compareTo(ServiceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
