package dev.connectbridge.resolve;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The agent that will be sent what comes out, and the machine that it is on.
 *
 * @param version the agent's release; empty when it does not tell
 * @param listening the ports that somebody listens on
 * @param others who else is registered at a port, each in a few words
 * @param held the ports that are registered already, by {@link Situation#portKey}'s allocation
 */
public record Surroundings(
    Optional<ConsulVersion> version,
    SortedSet<Integer> listening,
    SortedMap<Integer, String> others,
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

  boolean holds(String allocation, int port) {
    return held.getOrDefault(allocation, new TreeSet<>()).contains(port);
  }
}
