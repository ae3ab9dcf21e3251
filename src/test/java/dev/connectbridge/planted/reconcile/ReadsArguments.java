package dev.connectbridge.planted.reconcile;

import dev.connectbridge.Breaks;
import picocli.CommandLine.Option;

/** Knows the command line. */
@Breaks("PICOCLI")
final class ReadsArguments {

  @Option(names = "--fast")
  private boolean fast;

  @Override
  public String toString() {
    return "fast " + fast;
  }
}
