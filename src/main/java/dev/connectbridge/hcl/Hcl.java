package dev.connectbridge.hcl;

/** The door of this room: reads HCL2's native syntax, and throws for no text whatever. */
public final class Hcl {
  private Hcl() {}

  /**
   * Reads a text.
   *
   * @param file the name that problems give it
   * @param text its content
   * @return its blocks and values, with every problem found; an attribute whose value could not be
   *     worked out is left out and has a problem
   */
  public static HclDocument parse(String file, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Complaints complaints = new Complaints(file);
    Places places = Places.of(content);
    Controls.report(content, places, complaints);
    Cursor cursor = new Cursor(content, places);
    HclBody body = new Bodies(cursor, complaints).file();
    return complaints.document(body);
  }
}
