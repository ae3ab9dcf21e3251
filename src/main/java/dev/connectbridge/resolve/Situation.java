package dev.connectbridge.resolve;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What resolving rests on besides the specs.
 *
 * @param owner whose registrations they will be
 * @param node the machine
 * @param minPort the first dynamic port
 * @param maxPort the last one
 * @param taken ports of this machine that no new dynamic port may have
 * @param remembered ports that were given before, by {@link #portKey}
 * @param anyDatacenter whether jobs of other datacenters are taken as well
 * @param forAgent whether an agent will be sent what comes out, so that what Consul 1.8.7 takes and
 *     then never brings to the catalog is a problem and no mere warning
 */
public record Situation(
    String owner,
    Node node,
    int minPort,
    int maxPort,
    SortedSet<Integer> taken,
    SortedMap<String, Integer> remembered,
    boolean anyDatacenter,
    boolean forAgent) {

  /** Nomad's own range of dynamic ports. */
  public static final int DEFAULT_MIN_PORT = 20000;

  /** Nomad's own range of dynamic ports. */
  public static final int DEFAULT_MAX_PORT = 32000;

  public Situation {
    taken = Collections.unmodifiableSortedSet(new TreeSet<>(taken));
    remembered = Collections.unmodifiableSortedMap(new TreeMap<>(remembered));
  }

  /** Returns a situation away from any agent, in which nothing but owner and node is known. */
  public static Situation of(String owner, Node node) {
    return new Situation(
        owner,
        node,
        DEFAULT_MIN_PORT,
        DEFAULT_MAX_PORT,
        new TreeSet<>(),
        new TreeMap<>(),
        false,
        false);
  }

  /** Returns the key under which a port is remembered. */
  public static String portKey(String allocation, String label) {
    return allocation + "/" + label;
  }
}
