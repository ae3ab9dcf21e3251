package dev.connectbridge.resolve;

import java.util.Collections;
import java.util.Optional;
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
 * @param choices what the operator decided about the meaning of specs
 * @param together whether all that is resolved runs on one machine, so that two groups of it can be
 *     in each other's way
 * @param agent the agent that will be sent what comes out; then what Consul 1.8.7 takes and never
 *     brings to the catalog is a problem and no mere warning
 */
public record Situation(
    String owner,
    Node node,
    int minPort,
    int maxPort,
    SortedSet<Integer> taken,
    SortedMap<String, Integer> remembered,
    Choices choices,
    boolean together,
    Optional<Surroundings> agent) {

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
        Choices.NONE,
        false,
        Optional.empty());
  }

  /** Returns the same for specs that all run on one machine. */
  public Situation ofOneMachine() {
    return new Situation(owner, node, minPort, maxPort, taken, remembered, choices, true, agent);
  }

  /** Returns the same with other choices. */
  public Situation with(Choices changed) {
    return new Situation(
        owner, node, minPort, maxPort, taken, remembered, changed, together, agent);
  }

  /** Returns the key under which a port is remembered. */
  public static String portKey(String allocation, String label) {
    return allocation + "/" + label;
  }
}
