package dev.connectbridge.exec;

import dev.connectbridge.sidecar.TaskState.Exit;

/**
 * How a process ended, from what Java says. Java says 128 + n of one that signal n ended, and the
 * same of one that returned 128 + n by itself. The kernel does not end a process by a signal that
 * it hears or ignores: one that was seen to hear n has returned 128 + n by itself, as shells do. Of
 * one that was not, the signal is what is reported.
 */
final class Exits {
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 64;
  private static final int KILL = 9;

  private Exits() {}

  /** Returns the end that a value tells of, given the signals heard: bit 0 is signal 1. */
  static Exit of(int value, long heard) {
    int signal = value - SIGNALLED;
    boolean signalled = signal >= 1 && signal <= LAST_SIGNAL && (heard >>> (signal - 1) & 1) == 0;
    return signalled ? Exit.signal(signal) : Exit.code(value);
  }

  /** Returns whether it was ended by SIGKILL; a shell returns that of what it waited for. */
  static boolean isKill(Exit exit) {
    return exit.signal().orElse(0) == KILL || exit.code().orElse(0) == SIGNALLED + KILL;
  }
}
