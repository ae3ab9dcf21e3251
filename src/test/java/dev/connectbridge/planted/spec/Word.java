package dev.connectbridge.planted.spec;

/** A class without a fault, for others to lean on. */
public final class Word {
  private Word() {}

  /** Returns a word. */
  public static String word() {
    return "word";
  }
}
