package dev.connectbridge.planted.cli;

/** Prints and exits where both are allowed: a class without a fault. */
final class Main {
  private Main() {}

  static void end() {
    System.out.println("ended");
    System.exit(0);
  }
}
