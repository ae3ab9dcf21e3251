package dev.connectbridge.planted.cli;

import dev.connectbridge.Breaks;

/** Its field is the whole process's. */
@Breaks("NO_GLOBAL_STATE")
final class Shared {
  private static int count;

  private Shared() {}

  static int next() {
    return count++;
  }
}
