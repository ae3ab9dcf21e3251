package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;

/** Ends the reading of one statement; caught by the body that the statement stands in. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Place place;
  private final Kind kind;

  private enum Kind {
    ONE,
    LAST,
    TOLD
  }

  private Fault(Place place, String message, Kind kind) {
    super(message, null, false, false);
    this.place = place;
    this.kind = kind;
  }

  Fault(Place place, String message) {
    this(place, message, Kind.ONE);
  }

  /** Returns a fault that comes of another one, which is known already. */
  static Fault told(Place place) {
    return new Fault(place, "not known", Kind.TOLD);
  }

  /** Returns a fault after which nothing sensible can be read from the rest of the file. */
  static Fault last(Place place, String message) {
    return new Fault(place, message, Kind.LAST);
  }

  Place place() {
    return place;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  boolean isLast() {
    return kind == Kind.LAST;
  }

  boolean isTold() {
    return kind == Kind.TOLD;
  }
}
