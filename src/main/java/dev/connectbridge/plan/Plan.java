package dev.connectbridge.plan;

import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.HeldEntry;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The difference between what one owner wants and what the agent holds: a value, for any thread.
 *
 * @param removals what goes, by service ID
 * @param changes what is registered or registered anew, by service ID
 * @param conflicts what we want and somebody else holds; it is left alone
 * @param entries the configuration entries that are written, by kind and name
 * @param foreignEntries those that differ and are somebody else's; they are left alone
 */
public record Plan(
    List<Removal> removals,
    List<Change> changes,
    List<Conflict> conflicts,
    List<EntryChange> entries,
    List<EntryChange> foreignEntries) {

  /** A plan to do nothing. */
  public static final Plan NOTHING =
      new Plan(List.of(), List.of(), List.of(), List.of(), List.of());

  public Plan {
    removals = List.copyOf(removals);
    changes = List.copyOf(changes);
    conflicts = List.copyOf(conflicts);
    entries = List.copyOf(entries);
    foreignEntries = List.copyOf(foreignEntries);
  }

  /**
   * Returns the plan that turns {@code observed} into {@code desired}. Whatever does not carry this
   * owner's marks is left alone; nothing is removed, no sidecar either, of what came from a source
   * that cannot be read, nor when the sources are not complete. The same two sides give the same
   * plan, whatever their order.
   *
   * @throws IllegalArgumentException when one side has an ID twice
   */
  public static Plan between(Desired desired, Observed observed, String owner) {
    SortedMap<ServiceId, Registration> wanted = new TreeMap<>();
    desired.workloads().forEach(workload -> put(wanted, workload.registration()));
    SortedMap<ServiceId, Registration> held = new TreeMap<>();
    observed.registrations().forEach(registration -> put(held, registration));
    Conflicts others = Conflicts.in(observed, owner);

    List<Change> changes = new ArrayList<>();
    List<Conflict> conflicts = new ArrayList<>();
    for (Registration want : wanted.values()) {
      Optional<Registration> there = Optional.ofNullable(held.get(want.id()));
      others
          .with(want, there)
          .ifPresentOrElse(
              conflicts::add,
              () ->
                  Change.between(want, there.map(Conflicts::withoutOthersSidecar))
                      .filter(change -> !change.dropsSidecar() || isKnown(desired, want))
                      .ifPresent(changes::add));
    }
    List<EntryChange> entries = entries(desired, observed);
    return new Plan(
        removals(desired, observed, wanted, owner),
        changes,
        conflicts,
        entries.stream().filter(entry -> entry.isOurs(owner)).toList(),
        entries.stream()
            .filter(entry -> !entry.isOurs(owner) && !entry.wanted().admitted())
            .toList());
  }

  /** Returns whether it is what the specs say now, and not what they said when last read. */
  private static boolean isKnown(Desired desired, Registration want) {
    return desired.complete() && !desired.frozen().contains(want.marks().source());
  }

  private static List<EntryChange> entries(Desired desired, Observed observed) {
    SortedMap<String, HeldEntry> held = new TreeMap<>();
    observed.entries().forEach(entry -> held.put(entry.id(), entry));
    return desired.entries().stream()
        .flatMap(
            want -> EntryChange.between(want, Optional.ofNullable(held.get(want.id()))).stream())
        .toList();
  }

  /** Returns the same without the removals of what is withheld. */
  public Plan without(Withheld withheld) {
    return withRemovals(
        removals.stream().filter(removal -> !withheld.removals().contains(removal)).toList());
  }

  /** Returns the same without these configuration entries, by kind and name. */
  public Plan withoutEntries(Set<String> ids) {
    return new Plan(
        removals,
        changes,
        conflicts,
        entries.stream().filter(entry -> !ids.contains(entry.wanted().id())).toList(),
        foreignEntries.stream().filter(entry -> !ids.contains(entry.wanted().id())).toList());
  }

  /** Returns the same with other removals. */
  public Plan withRemovals(List<Removal> others) {
    return new Plan(others, changes, conflicts, entries, foreignEntries);
  }

  /** Returns the same with other changes. */
  public Plan withChanges(List<Change> others) {
    return new Plan(removals, others, conflicts, entries, foreignEntries);
  }

  /** Returns the same, with these written although somebody else holds them. */
  public Plan taking(Set<ServiceId> ids, Map<ServiceId, Registration> wanted) {
    List<Change> more = new ArrayList<>(changes);
    ids.stream()
        .filter(id -> conflicts.stream().anyMatch(conflict -> conflict.id().equals(id)))
        .forEach(id -> more.add(new Change(wanted.get(id), Optional.empty())));
    more.sort(Comparator.comparing(change -> change.wanted().id()));
    return leaving(ids).withChanges(more);
  }

  /** Returns the same, with nothing said about who holds these. */
  public Plan leaving(Set<ServiceId> ids) {
    return new Plan(
        removals,
        changes,
        conflicts.stream().filter(conflict -> !ids.contains(conflict.id())).toList(),
        entries,
        foreignEntries);
  }

  /**
   * Returns the same without what newer writers of the owner have written: that is not ours to
   * change any more.
   *
   * @param heeds the newest of the writers whose entries are ours to change
   */
  public Plan fenced(Observed observed, String owner, long heeds) {
    Map<String, Long> newer = observed.epochs(owner);
    newer.values().removeIf(other -> other <= heeds);
    if (newer.isEmpty()) {
      return this;
    }
    List<Conflict> more = new ArrayList<>(conflicts);
    List<Change> still = new ArrayList<>();
    for (Change change : changes) {
      ServiceId id = change.wanted().id();
      Optional<String> taken =
          Stream.of(id.value(), id.sidecar()).filter(newer::containsKey).findFirst();
      taken.ifPresentOrElse(
          held -> more.add(new Conflict(id, held, Optional.empty(), "", newer.get(held))),
          () -> still.add(change));
    }
    List<Removal> gone =
        removals.stream().filter(one -> one.ids().stream().noneMatch(newer::containsKey)).toList();
    return new Plan(gone, still, more, entries, foreignEntries);
  }

  /** Returns whether there is nothing to do. */
  public boolean isEmpty() {
    return removals.isEmpty() && changes.isEmpty() && entries.isEmpty();
  }

  /** Returns whether somebody else holds something that is wanted otherwise. */
  public boolean isContested() {
    return !conflicts.isEmpty() || !foreignEntries.isEmpty();
  }

  /** Returns how many of the changes are of entries that the agent does not hold yet. */
  public long additions() {
    return changes.stream().filter(change -> change.held().isEmpty()).count()
        + entries.stream().filter(entry -> entry.held().isEmpty()).count();
  }

  /** Returns how many entries are written, those that the agent does not hold yet included. */
  public int writes() {
    return changes.size() + entries.size();
  }

  /** Returns what the agent would hold afterwards. */
  public Observed appliedTo(Observed observed) {
    SortedMap<ServiceId, Registration> after = new TreeMap<>();
    observed.registrations().forEach(registration -> after.put(registration.id(), registration));
    List<Observed.Orphan> orphans = new ArrayList<>(observed.orphans());
    for (Removal removal : removals) {
      after.keySet().removeIf(id -> removal.ids().contains(id.value()));
      orphans.removeIf(orphan -> removal.ids().contains(orphan.id()));
    }
    for (Change change : changes) {
      after.put(change.wanted().id(), change.wanted().asHeld());
      orphans.removeIf(orphan -> orphan.id().equals(change.wanted().id().sidecar()));
    }
    return new Observed(
            List.copyOf(after.values()), orphans, observed.foreign(), entriesAfter(observed))
        .withWritten(observed.written());
  }

  private List<HeldEntry> entriesAfter(Observed observed) {
    SortedMap<String, HeldEntry> after = new TreeMap<>();
    observed.entries().forEach(entry -> after.put(entry.id(), entry));
    entries.stream()
        .map(EntryChange::wanted)
        .forEach(
            want ->
                after.put(
                    want.id(),
                    new HeldEntry(want.kind(), want.name(), want.body(), want.meta(), 1)));
    return List.copyOf(after.values());
  }

  private static void put(SortedMap<ServiceId, Registration> by, Registration registration) {
    if (by.put(registration.id(), registration) != null) {
      throw new IllegalArgumentException("registered twice: " + registration.id());
    }
  }

  private static List<Removal> removals(
      Desired desired, Observed observed, SortedMap<ServiceId, Registration> wanted, String owner) {
    List<Removal> removals = new ArrayList<>();
    for (Registration held : observed.registrations()) {
      if (!wanted.containsKey(held.id())) {
        removals.add(Removal.of(held));
      }
    }
    for (Observed.Orphan orphan : observed.orphans()) {
      if (!isWritten(orphan, wanted.values())) {
        removals.add(new Removal(List.of(orphan.id()), orphan.name(), orphan.marks()));
      }
    }
    removals.removeIf(
        removal ->
            !desired.complete()
                || !removal.marks().owner().equals(owner)
                || desired.frozen().contains(removal.marks().source()));
    removals.sort(Comparator.comparing(removal -> removal.ids().get(0)));
    return removals;
  }

  /** A service without a sidecar would not replace the one that stands there, but adopt it. */
  private static boolean isWritten(Observed.Orphan orphan, Collection<Registration> wanted) {
    return wanted.stream()
        .anyMatch(want -> want.sidecar().isPresent() && want.id().sidecar().equals(orphan.id()));
  }

  /**
   * An entry of ours that nobody wants any more.
   *
   * @param ids what is deregistered, in this order: the sidecar before its service, because the
   *     agent would keep a separate sidecar passing for a minute
   * @param name the service's name
   * @param marks where it came from
   */
  public record Removal(List<String> ids, String name, Marks marks) {
    public Removal {
      ids = List.copyOf(ids);
    }

    /** Returns whether it is a sidecar that stands alone. */
    public boolean isOrphan() {
      return ids.size() == 1 && ids.get(0).endsWith(ServiceId.SIDECAR_SUFFIX);
    }

    /** Returns whether a sidecar goes with it. */
    public boolean hasSidecar() {
      return ids.size() > 1 || isOrphan();
    }

    /** Returns the ID of the service, which of an orphan is not there any more. */
    public ServiceId service() {
      String last = ids.get(ids.size() - 1);
      return new ServiceId(
          isOrphan() ? last.substring(0, last.length() - ServiceId.SIDECAR_SUFFIX.length()) : last);
    }

    /** Returns the removal of what the agent holds, or held; a sidecar that is not ours stays. */
    public static Removal of(Registration held) {
      List<String> ids = new ArrayList<>();
      held.sidecar()
          .filter(sidecar -> sidecar.marks().owner().equals(held.marks().owner()))
          .ifPresent(sidecar -> ids.add(held.id().sidecar()));
      ids.add(held.id().value());
      return new Removal(ids, held.name(), held.marks());
    }
  }

  /**
   * What we want under an ID that somebody else holds.
   *
   * @param id the ID that we want
   * @param taken the ID that is taken: this one or its sidecar's
   * @param other the other owner's marks; absent when it is no connect-bridge
   * @param as how somebody else who is no connect-bridge has it, with a blank before; may be empty
   * @param epoch which newer writer of this owner's has written it; 0 when it is somebody else
   */
  public record Conflict(ServiceId id, String taken, Optional<Marks> other, String as, long epoch) {

    @Override
    public String toString() {
      if (epoch > 0) {
        return "%s was written by a newer writer of this owner, epoch %d".formatted(taken, epoch);
      }
      return other
          .map(
              marks ->
                  "%s belongs to owner \"%s\", group %s of %s"
                      .formatted(taken, marks.owner(), marks.group(), marks.source()))
          .orElse(taken + " is registered by somebody else" + as);
    }
  }
}
