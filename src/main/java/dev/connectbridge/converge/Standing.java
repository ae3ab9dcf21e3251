package dev.connectbridge.converge;

import dev.connectbridge.converge.Condition.Kind;
import dev.connectbridge.converge.Condition.Truth;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is known of one entry, and since when. */
final class Standing {
  private final Map<Kind, Condition> conditions = new EnumMap<>(Kind.class);
  private final ServiceId id;
  private Marks marks;
  private boolean hasSidecar;
  private boolean left;

  Standing(Registration wanted) {
    this.id = wanted.id();
    want(wanted);
  }

  void want(Registration wanted) {
    marks = wanted.marks();
    hasSidecar = wanted.sidecar().isPresent();
    if (!hasSidecar) {
      conditions.remove(Kind.SIDECAR_REGISTERED);
    }
  }

  ServiceId id() {
    return id;
  }

  Marks marks() {
    return marks;
  }

  /** Notes whether it is left otherwise than it is wanted. */
  void leave(boolean otherwise) {
    left = otherwise;
  }

  boolean isLeft() {
    return left;
  }

  boolean hasSidecar() {
    return hasSidecar;
  }

  /** Returns its ID, and its sidecar's if it has one. */
  Set<String> ids() {
    return hasSidecar ? Set.of(id.value(), id.sidecar()) : Set.of(id.value());
  }

  /** Says what is so now; the time stays that of the last change of truth. */
  void say(Kind kind, Truth truth, String reason, Instant now) {
    say(kind, truth, reason, "", Optional.empty(), now);
  }

  void say(
      Kind kind, Truth truth, String reason, String error, Optional<Instant> next, Instant now) {
    Condition before = conditions.get(kind);
    Instant since = before != null && before.truth() == truth ? before.since() : now;
    conditions.put(kind, new Condition(kind, truth, since, reason, error, next));
  }

  /** Returns what is known; what was known of its readiness only if that was asked now. */
  EntryConditions told(boolean asked) {
    return new EntryConditions(
        id.value(),
        marks.group(),
        marks.source(),
        conditions.values().stream()
            .filter(condition -> asked || !condition.kind().isAskedFor())
            .toList());
  }
}
