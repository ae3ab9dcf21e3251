package dev.connectbridge.cli;

/** What a shell is told at the end. */
final class Exit {
  /** All is done, or there is nothing to do. */
  static final int OK = 0;

  /** Something is wrong: with the specs, the configuration or the agent. */
  static final int ERROR = 1;

  /** {@code plan} found something to do. */
  static final int CHANGES = 2;

  /** The command line makes no sense. */
  static final int USAGE = 64;

  /** A second signal came before all was done. */
  static final int INTERRUPTED = 130;

  private Exit() {}
}
