package dev.connectbridge.parse;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Spelling;

/** What is written twice, and where it is written first. */
final class Duplicates {
  private Duplicates() {}

  static Problem key(Source source, String name, Place again, Place first) {
    return source.problem(again, "duplicate key " + Spelling.quoted(name) + firstAt(first));
  }

  static String firstAt(Place first) {
    return "; the first is at " + first.line() + ":" + first.column();
  }
}
