package dev.connectbridge.plan;

import dev.connectbridge.resolve.Fields;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Check;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A registration to write, and what the agent holds in its place.
 *
 * @param wanted what is written
 * @param held what the agent holds now
 */
public record Change(Registration wanted, Optional<Registration> held) {

  /** Returns the change that makes the agent hold what is wanted; empty when it does. */
  static Optional<Change> between(Registration wanted, Optional<Registration> seen) {
    Optional<Registration> held = seen.map(there -> Overlay.off(there, wanted));
    Registration want = held.map(there -> respectingTags(wanted, there)).orElse(wanted);
    return held.equals(Optional.of(want.asHeld()))
        ? Optional.empty()
        : Optional.of(new Change(want, held));
  }

  /** With enable_tag_override the catalog's tags win, until the spec itself changes. */
  private static Registration respectingTags(Registration wanted, Registration held) {
    boolean sameSpec = wanted.marks().hash().equals(held.marks().hash());
    return wanted.enableTagOverride() && sameSpec ? wanted.withTags(held.tags()) : wanted;
  }

  /**
   * Returns whether the agent holds a sidecar that is no longer wanted; writing does not end it.
   */
  public boolean dropsSidecar() {
    return held.flatMap(Registration::sidecar).isPresent() && wanted.sidecar().isEmpty();
  }

  /**
   * Returns the IDs of checks that the agent would keep although they are no longer wanted. Those
   * of a dropped sidecar go with it.
   */
  public List<String> vanishedChecks() {
    Set<String> kept = new HashSet<>();
    checks(wanted).forEach(check -> kept.add(check.id()));
    Stream<Check> before =
        dropsSidecar()
            ? held.stream().flatMap(there -> there.checks().stream())
            : held.stream().flatMap(Change::checks);
    return before.map(Check::id).filter(id -> !kept.contains(id)).toList();
  }

  private static Stream<Check> checks(Registration registration) {
    return Stream.concat(
        registration.checks().stream(),
        registration.sidecar().stream().flatMap(sidecar -> sidecar.checks().stream()));
  }

  /** Returns the fields that differ, by path. */
  public List<FieldChange> fields() {
    SortedMap<String, String> before = held.map(Change::fields).orElseGet(TreeMap::new);
    SortedMap<String, String> after = fields(held.isPresent() ? wanted.asHeld() : wanted);
    SortedSet<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<FieldChange> changes = new ArrayList<>();
    for (String path : paths) {
      FieldChange change =
          new FieldChange(
              path, Optional.ofNullable(before.get(path)), Optional.ofNullable(after.get(path)));
      if (!change.before().equals(change.after())) {
        changes.add(change);
      }
    }
    return changes;
  }

  private static SortedMap<String, String> fields(Registration registration) {
    SortedMap<String, String> fields = new TreeMap<>(Fields.of(registration));
    fields.put("(group)", registration.marks().group());
    fields.put("(source)", registration.marks().source());
    fields.put("(hash)", registration.marks().hash());
    fields.put("(ports)", registration.marks().ports());
    if (registration.sidecar().stream()
        .anyMatch(sidecar -> !sidecar.marks().equals(registration.marks()))) {
      fields.put("(sidecar marks)", "not those of its service");
    }
    return fields;
  }

  /**
   * A field that differs. What a check probes is unknown on the agent's side; then the hash
   * differs.
   *
   * @param path its path
   * @param before what the agent holds; absent when it is not set
   * @param after what is wanted; absent when it is not set
   */
  public record FieldChange(String path, Optional<String> before, Optional<String> after) {
    private static final String HIDDEN = "(hidden)";

    /** Returns the change as it may be shown: headers and bodies of checks may hold credentials. */
    public FieldChange shown() {
      boolean secret =
          path.startsWith("check[") && (path.contains("].header.") || path.endsWith("].body"));
      return secret
          ? new FieldChange(path, before.map(any -> HIDDEN), after.map(any -> HIDDEN))
          : this;
    }
  }
}
