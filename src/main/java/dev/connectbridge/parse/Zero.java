package dev.connectbridge.parse;

import java.util.OptionalInt;

/** Numbers for which Nomad takes 0 as not said. */
final class Zero {
  private Zero() {}

  static OptionalInt isUnsaid(OptionalInt number) {
    return number.isPresent() && number.getAsInt() == 0 ? OptionalInt.empty() : number;
  }

  /** Returns the number; what Nomad's server has written out as 0 was never said. */
  static OptionalInt isUnsaidOnceAdmitted(Section section, String key) {
    OptionalInt number = section.integer(key);
    return section.notation() == Notation.ALLOCATION ? isUnsaid(number) : number;
  }
}
