package dev.connectbridge.planted.reconcile;

import dev.connectbridge.Breaks;

/** Ends the process under everybody else. */
@Breaks("ONLY_MAIN_EXITS")
final class Quitter {

  void quit() {
    System.exit(1);
  }
}
