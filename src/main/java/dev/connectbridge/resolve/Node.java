package dev.connectbridge.resolve;

import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.admit.Ip;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The machine that the services run on, as the specs may ask about it.
 *
 * @param id its ID; empty when unknown
 * @param name its name; empty when unknown
 * @param datacenter its datacenter; empty when unknown, then no job is left out because of it
 * @param address the address that its services are reached at; empty when unknown
 * @param hostNetworks the addresses of its other host networks, by name
 * @param attributes what stands behind {@code ${attr.…}}
 * @param meta what stands behind {@code ${meta.…}}
 */
public record Node(
    String id,
    String name,
    String datacenter,
    String address,
    SortedMap<String, String> hostNetworks,
    SortedMap<String, String> attributes,
    SortedMap<String, String> meta) {

  /** A machine of which nothing is known. */
  public static final Node UNKNOWN =
      new Node("", "", "", "", new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public Node {
    hostNetworks = Collections.unmodifiableSortedMap(new TreeMap<>(hostNetworks));
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
  }

  /** Returns the {@code node.*}, {@code attr.*} and {@code meta.*} values that are known. */
  public Interpolation values() {
    SortedMap<String, String> values = new TreeMap<>();
    put(values, "node.unique.id", id);
    put(values, "node.unique.name", name);
    put(values, "node.datacenter", datacenter);
    put(values, "attr.unique.hostname", name);
    put(values, "attr.consul.datacenter", datacenter);
    put(values, "attr.unique.network.ip-address", address);
    attributes.forEach((key, value) -> values.put("attr." + key, value));
    meta.forEach((key, value) -> values.put("meta." + key, value));
    return new Interpolation(values);
  }

  /** Returns whether an address is this machine's as far as is known; an empty one always is. */
  boolean isAt(String written) {
    String there = Ip.canonical(written).orElse(written);
    return there.isEmpty()
        || there.equals("localhost")
        || there.equals(name)
        || there.equals(Ip.canonical(address).orElse(address))
        || Ip.isAny(there)
        || Ip.isLoopback(there)
        || hostNetworks.containsValue(written);
  }

  private static void put(Map<String, String> values, String key, String value) {
    if (!value.isEmpty()) {
      values.put(key, value);
    }
  }
}
