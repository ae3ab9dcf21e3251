package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;

/** Ends the reading of one statement; caught by the body that the statement stands in. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Place place;
  private final boolean last;

  private Fault(Place place, String message, boolean last) {
    super(message, null, false, false);
    this.place = place;
    this.last = last;
  }

  Fault(Place place, String message) {
    this(place, message, false);
  }

  /** Returns a fault after which nothing sensible can be read from the rest of the file. */
  static Fault last(Place place, String message) {
    return new Fault(place, message, true);
  }

  Place place() {
    return place;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  boolean isLast() {
    return last;
  }
}
