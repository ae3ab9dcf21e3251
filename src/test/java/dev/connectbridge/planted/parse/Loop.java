package dev.connectbridge.planted.parse;

import dev.connectbridge.Breaks;
import dev.connectbridge.planted.hcl.Knot;

/** The other half; this way round the stairs allow it. */
@Breaks("NO_TANGLES")
public final class Loop {

  @Override
  public String toString() {
    return Knot.class.getName();
  }
}
