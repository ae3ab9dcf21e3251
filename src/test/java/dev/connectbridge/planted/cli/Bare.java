package dev.connectbridge.planted.cli;

import dev.connectbridge.Breaks;

/** Its field is anybody's in the room. */
@Breaks("NO_PUBLIC_STATE")
final class Bare {
  int count;
}
