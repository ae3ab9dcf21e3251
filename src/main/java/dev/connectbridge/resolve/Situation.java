package dev.connectbridge.resolve;

import dev.connectbridge.resolve.Observed.Foreign;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
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

  /** Returns the agent's release; empty where there is no agent, or it does not tell. */
  Optional<ConsulVersion> agentVersion() {
    return agent.flatMap(Surroundings::version);
  }

  /** Returns the key under which a port is remembered. */
  public static String portKey(String allocation, String label) {
    return allocation + "/" + label;
  }

  /** What is done about an entry that somebody else changed; it is told in any case. */
  public enum Drift {
    /** It is written again. */
    REVERT,
    /** It stays so until its spec changes. */
    REPORT,
    /** Its service's tags stay so until its spec changes; the rest is written again. */
    KEEP_TAGS
  }

  /**
   * What an operator decides about the meaning of specs: a value, all of it off unless said.
   *
   * @param anyDatacenter whether jobs of other datacenters are taken as well
   * @param nomadCompatibleDefaults whether a {@code sidecar_task} block resets what it leaves open
   *     to the defaults of an ordinary task, as Nomad does
   * @param envoyStatsTags whether proxies are told to put job, group, namespace and allocation into
   *     their statistics
   * @param ownGroupNetworks whether the groups of plain jobs have networks of their own; else they
   *     share the host's
   * @param defaultSidecarTask what runs a proxy where its spec does not say
   * @param runs whether the tasks are run as well, and the groups' environments written
   * @param drivers what specs may call drivers besides the names that Nomad has for them
   */
  public record Choices(
      boolean anyDatacenter,
      boolean nomadCompatibleDefaults,
      boolean envoyStatsTags,
      boolean ownGroupNetworks,
      SidecarTask defaultSidecarTask,
      boolean runs,
      SortedSet<String> drivers) {

    public Choices {
      drivers = Collections.unmodifiableSortedSet(new TreeSet<>(drivers));
    }

    /** Creates those of somebody who has no drivers of their own. */
    public Choices(
        boolean anyDatacenter,
        boolean nomadCompatibleDefaults,
        boolean envoyStatsTags,
        boolean ownGroupNetworks,
        SidecarTask defaultSidecarTask,
        boolean runs) {
      this(
          anyDatacenter,
          nomadCompatibleDefaults,
          envoyStatsTags,
          ownGroupNetworks,
          defaultSidecarTask,
          runs,
          new TreeSet<>());
    }

    /** Nothing was decided. */
    public static final Choices NONE =
        new Choices(false, false, false, false, SidecarTask.NOMAD, false);

    /** Returns the same where the tasks are run. */
    public Choices running() {
      return new Choices(
          anyDatacenter,
          nomadCompatibleDefaults,
          envoyStatsTags,
          ownGroupNetworks,
          defaultSidecarTask,
          true,
          drivers);
    }

    /** Returns the same with more names of drivers. */
    public Choices knowing(Collection<String> names) {
      SortedSet<String> all = new TreeSet<>(drivers);
      all.addAll(names);
      return new Choices(
          anyDatacenter,
          nomadCompatibleDefaults,
          envoyStatsTags,
          ownGroupNetworks,
          defaultSidecarTask,
          runs,
          all);
    }

    /** Returns the same with something else that runs a proxy unless its spec says. */
    public Choices with(SidecarTask changed) {
      return new Choices(
          anyDatacenter,
          nomadCompatibleDefaults,
          envoyStatsTags,
          ownGroupNetworks,
          changed,
          runs,
          drivers);
    }
  }

  /** What runs a proxy where its spec names no driver and tells none anything. */
  public enum SidecarTask {
    /** Envoy as a container of the node's image, as Nomad has it. */
    NOMAD,
    /** Consul's own proxy, as a process. */
    BUILTIN,
    /** Envoy as a process. */
    ENVOY
  }

  /**
   * The agent that will be sent what comes out, and the machine that it is on.
   *
   * @param version the agent's release; empty when it does not tell
   * @param listening the ports that somebody listens on
   * @param others who else is registered, by port
   * @param held the ports that are registered already, by {@link Situation#portKey}'s allocation
   */
  public record Surroundings(
      Optional<ConsulVersion> version,
      SortedSet<Integer> listening,
      SortedMap<Integer, List<Foreign>> others,
      SortedMap<String, SortedSet<Integer>> held) {

    /** An agent of which nothing is known. */
    public static final Surroundings UNKNOWN =
        new Surroundings(Optional.empty(), new TreeSet<>(), new TreeMap<>(), new TreeMap<>());

    public Surroundings {
      listening = Collections.unmodifiableSortedSet(new TreeSet<>(listening));
      others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
      held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    }

    /** Returns what an agent holds for others, and for this owner. */
    public static Surroundings of(
        Optional<ConsulVersion> version,
        SortedSet<Integer> listening,
        Observed observed,
        String owner) {
      return new Surroundings(
          version, listening, observed.others(owner), PortsMark.held(observed, owner));
    }

    List<Foreign> others(int port) {
      return others.getOrDefault(port, List.of());
    }

    boolean holds(String allocation, int port) {
      return held.getOrDefault(allocation, new TreeSet<>()).contains(port);
    }
  }
}
