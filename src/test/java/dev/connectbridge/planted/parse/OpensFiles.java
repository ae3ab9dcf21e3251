package dev.connectbridge.planted.parse;

import dev.connectbridge.Breaks;
import java.nio.file.Path;

/** Names a file in a room that is given texts. */
@Breaks("PURE_ROOMS_ARE_PURE")
final class OpensFiles {

  Path path() {
    return Path.of("spec");
  }
}
