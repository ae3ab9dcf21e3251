package dev.connectbridge.parse;

import dev.connectbridge.spec.Origin.Place;

/** The text cannot be read any further. Never leaves the room. */
final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  Unreadable(Place place, String message) {
    super(message);
    line = place.line();
    column = place.column();
  }

  Place place() {
    return new Place(line, column);
  }
}
