package dev.connectbridge.resolve;

import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * @param entries the configuration entries that were asked for and are there
 * @param filtered whether the agent says that there is more, which the token may not see
 * @param written which writer has written what, as far as that is said
 */
public record Observed(
    List<Registration> registrations,
    List<Orphan> orphans,
    List<Foreign> foreign,
    List<HeldEntry> entries,
    boolean filtered,
    List<Written> written) {

  /** An agent that holds nothing. */
  public static final Observed NOTHING = new Observed(List.of(), List.of(), List.of());

  public Observed {
    registrations = List.copyOf(registrations);
    orphans = List.copyOf(orphans);
    foreign = List.copyOf(foreign);
    entries = List.copyOf(entries);
    written = List.copyOf(written);
  }

  /** Creates one of an agent that was asked for no configuration entry. */
  public Observed(List<Registration> registrations, List<Orphan> orphans, List<Foreign> foreign) {
    this(registrations, orphans, foreign, List.of());
  }

  /** Creates one of an agent that says of nothing that it may not be seen. */
  public Observed(
      List<Registration> registrations,
      List<Orphan> orphans,
      List<Foreign> foreign,
      List<HeldEntry> entries) {
    this(registrations, orphans, foreign, entries, false, List.of());
  }

  /** Returns the same, with configuration entries. */
  public Observed withEntries(List<HeldEntry> held) {
    return new Observed(registrations, orphans, foreign, held, filtered, written);
  }

  /** Returns the same, of an agent that says that there is more. */
  public Observed withFiltered() {
    return new Observed(registrations, orphans, foreign, entries, true, written);
  }

  /** Returns the same, with which writer has written what. */
  public Observed withWritten(List<Written> by) {
    return new Observed(registrations, orphans, foreign, entries, filtered, by);
  }

  /** Returns the epochs of the entries that an owner's writers have written, by ID. */
  public SortedMap<String, Long> epochs(String owner) {
    SortedMap<String, Long> epochs = new TreeMap<>();
    written.stream()
        .filter(entry -> entry.owner().equals(owner))
        .forEach(entry -> epochs.put(entry.id(), entry.epoch()));
    return epochs;
  }

  /** Returns whether an owner has nothing here. */
  public boolean isWithout(String owner) {
    return registrations.stream().noneMatch(held -> held.marks().owner().equals(owner))
        && orphans.stream().noneMatch(orphan -> orphan.marks().owner().equals(owner));
  }

  /** Returns the ports that an owner's entries remember, by {@link Situation#portKey}. */
  public SortedMap<String, Integer> rememberedPorts(String owner) {
    return PortsMark.remembered(this, owner);
  }

  /** Returns every port that is not this owner's. */
  public SortedSet<Integer> portsOfOthers(String owner) {
    SortedSet<Integer> ports = new TreeSet<>();
    foreign.forEach(entry -> ports.add(entry.port()));
    orphans.stream()
        .filter(orphan -> !orphan.marks().owner().equals(owner))
        .forEach(orphan -> ports.add(orphan.port()));
    registrations.stream()
        .filter(held -> !held.marks().owner().equals(owner))
        .forEach(
            held -> {
              ports.add(held.port());
              held.sidecar().ifPresent(sidecar -> ports.add(sidecar.port()));
            });
    return ports;
  }

  /** Returns the ID of every entry that is not this owner's. */
  public Set<String> idsOfOthers(String owner) {
    Set<String> ids = new HashSet<>();
    foreign.forEach(entry -> ids.add(entry.id()));
    orphans.stream()
        .filter(orphan -> !orphan.marks().owner().equals(owner))
        .forEach(orphan -> ids.add(orphan.id()));
    registrations.stream()
        .filter(held -> !held.marks().owner().equals(owner))
        .forEach(
            held -> {
              ids.add(held.id().value());
              held.sidecar().ifPresent(any -> ids.add(held.id().sidecar()));
            });
    return ids;
  }

  /** Returns who else than this owner is registered, by port. */
  SortedMap<Integer, List<Foreign>> others(String owner) {
    List<Foreign> others = new ArrayList<>(foreign);
    orphans.stream()
        .filter(orphan -> !orphan.marks().owner().equals(owner))
        .forEach(orphan -> others.add(new Foreign(orphan.id(), orphan.name(), orphan.port())));
    registrations.stream()
        .filter(held -> !held.marks().owner().equals(owner))
        .forEach(held -> others.addAll(Foreign.of(held)));
    SortedMap<Integer, List<Foreign>> ports = new TreeMap<>();
    others.stream()
        .filter(other -> other.port() != 0)
        .forEach(other -> ports.computeIfAbsent(other.port(), any -> new ArrayList<>()).add(other));
    return ports;
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
   * A configuration entry that the cluster holds.
   *
   * @param kind its kind
   * @param name its name
   * @param body everything that it says, without kind, name and Meta
   * @param meta its Meta
   * @param index the number of its last change
   */
  public record HeldEntry(
      String kind,
      String name,
      Map<String, Value> body,
      SortedMap<String, String> meta,
      long index) {
    public HeldEntry {
      body = Collections.unmodifiableSortedMap(new TreeMap<>(body));
      meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    }

    /** Returns kind and name, which no other entry has. */
    public String id() {
      return kind + "/" + name;
    }

    /** Returns whose it is; empty when it is no bridge's. */
    public Optional<String> owner() {
      return Marks.ownerOfEntry(meta);
    }
  }

  /**
   * Which writer has written an entry.
   *
   * @param id its ID on the agent, a service's or a sidecar's
   * @param owner whose writers they are
   * @param epoch which of them, counted as they took over from each other
   */
  public record Written(String id, String owner, long epoch) {}

  /**
   * An entry that is not ours: never written, never removed.
   *
   * @param id its ID on the agent
   * @param name its name
   * @param port its port
   * @param address its address; empty for the agent's own
   */
  public record Foreign(String id, String name, int port, String address) {

    /** Creates an entry at the agent's own address. */
    public Foreign(String id, String name, int port) {
      this(id, name, port, "");
    }

    /** Returns what another owner holds: a service, and its sidecar where it has one. */
    static List<Foreign> of(Registration held) {
      String id = held.id().value();
      List<Foreign> all = new ArrayList<>();
      all.add(new Foreign(id, held.name(), held.port(), held.address()));
      held.sidecar()
          .map(
              sidecar ->
                  new Foreign(
                      id,
                      held.name() + ServiceId.SIDECAR_SUFFIX,
                      sidecar.port(),
                      sidecar.address()))
          .ifPresent(all::add);
      return all;
    }
  }
}
