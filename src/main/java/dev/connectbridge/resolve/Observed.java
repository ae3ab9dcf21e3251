package dev.connectbridge.resolve;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the agent holds, in one look.
 *
 * @param registrations the entries with our marks, of any owner, each with its sidecar
 * @param orphans the sidecars with our marks whose service the agent does not hold
 * @param foreign everything else
 */
public record Observed(
    List<Registration> registrations, List<Orphan> orphans, List<Foreign> foreign) {

  /** An agent that holds nothing. */
  public static final Observed NOTHING = new Observed(List.of(), List.of(), List.of());

  public Observed {
    registrations = List.copyOf(registrations);
    orphans = List.copyOf(orphans);
    foreign = List.copyOf(foreign);
  }

  /** Returns the ports that an owner's entries remember, by {@link Situation#portKey}. */
  public SortedMap<String, Integer> rememberedPorts(String owner) {
    return PortsMark.remembered(this, owner);
  }

  /** Returns every port that is not this owner's. */
  public SortedSet<Integer> portsOfOthers(String owner) {
    SortedSet<Integer> ports = new TreeSet<>();
    foreign.forEach(entry -> ports.add(entry.port()));
    orphans.forEach(orphan -> ports.add(orphan.port()));
    registrations.stream()
        .filter(held -> !held.marks().owner().equals(owner))
        .forEach(
            held -> {
              ports.add(held.port());
              held.sidecar().ifPresent(sidecar -> ports.add(sidecar.port()));
            });
    return ports;
  }

  /** Returns who else than this owner is registered at a port, each in a few words. */
  SortedMap<Integer, String> others(String owner) {
    SortedMap<Integer, String> others = new TreeMap<>();
    foreign.forEach(entry -> others.put(entry.port(), described(entry.name(), entry.id())));
    orphans.stream()
        .filter(orphan -> !orphan.marks().owner().equals(owner))
        .forEach(orphan -> others.put(orphan.port(), described(orphan.name(), orphan.id())));
    registrations.stream()
        .filter(held -> !held.marks().owner().equals(owner))
        .forEach(
            held -> {
              String id = held.id().value();
              others.put(held.port(), described(held.name(), id));
              held.sidecar()
                  .ifPresent(
                      sidecar ->
                          others.put(
                              sidecar.port(),
                              described(held.name() + ServiceId.SIDECAR_SUFFIX, id)));
            });
    others.remove(0);
    return others;
  }

  private static String described(String name, String id) {
    return "service \"%s\" (%s)".formatted(name, id);
  }

  /**
   * A sidecar that stands alone.
   *
   * @param id its ID on the agent
   * @param name its name
   * @param port its port
   * @param marks its marks
   */
  public record Orphan(String id, String name, int port, Marks marks) {}

  /**
   * An entry that is not ours: never written, never removed.
   *
   * @param id its ID on the agent
   * @param name its name
   * @param port its port
   */
  public record Foreign(String id, String name, int port) {}
}
