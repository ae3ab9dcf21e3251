package dev.connectbridge.planted.source;

import dev.connectbridge.Breaks;

/** Writes into the result that the command line prints. */
@Breaks("ONLY_THE_CLI_PRINTS")
final class Talker {

  void talk(Exception failure) {
    System.out.println("seen");
    failure.printStackTrace();
  }
}
