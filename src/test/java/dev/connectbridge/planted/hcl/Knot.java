package dev.connectbridge.planted.hcl;

import dev.connectbridge.Breaks;
import dev.connectbridge.planted.parse.Loop;

/** One half of a circle. */
@Breaks({"NO_TANGLES", "STAIRS"})
public final class Knot {

  @Override
  public String toString() {
    return Loop.class.getName();
  }
}
