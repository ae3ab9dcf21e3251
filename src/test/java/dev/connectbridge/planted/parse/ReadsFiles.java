package dev.connectbridge.planted.parse;

import dev.connectbridge.Breaks;
import java.io.File;

/** Reads a file in a room that is given texts. */
@Breaks("PURE_ROOMS_READ_NO_FILES")
final class ReadsFiles {

  boolean look() {
    return new File("spec").exists();
  }
}
