package dev.connectbridge.hcl;

/**
 * Reads the notations that a function may be given as a text. This room reads HCL alone, so that
 * who calls it brings the others.
 */
public interface Decoding {

  /** No other notation: each text is refused. */
  Decoding NONE =
      (notation, text) -> {
        throw new IllegalArgumentException(notation + " is not read here");
      };

  /**
   * Returns the value that a text is.
   *
   * @param notation {@code json} or {@code yaml}
   * @param text the text
   * @return its value; the places in it are those in the text
   * @throws IllegalArgumentException with a reason for the author when it is no such text
   */
  Node decoded(String notation, String text);
}
