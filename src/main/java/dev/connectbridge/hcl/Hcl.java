package dev.connectbridge.hcl;

import java.util.List;
import java.util.Set;

/** The door of this room: reads HCL2's native syntax, and throws for no text whatever. */
public final class Hcl {
  private Hcl() {}

  /**
   * Reads a text whose variables all have their defaults.
   *
   * @param file the name that problems give it
   * @param text its content
   * @return its blocks and values, with every problem found; a value that could not be worked out
   *     is unknown and has a problem
   */
  public static HclDocument parse(String file, String text) {
    return parse(file, text, Variables.NONE);
  }

  /** Reads a text, given values for its variables. */
  public static HclDocument parse(String file, String text, Variables variables) {
    return parse(file, text, variables, Decoding.NONE);
  }

  /** Reads a text, given values for its variables and what its decoding functions need. */
  public static HclDocument parse(
      String file, String text, Variables variables, Decoding decoding) {
    Complaints complaints = new Complaints(file);
    Syntax syntax = Syntax.of(text, complaints);
    Syntax.Body body = syntax.body();
    boolean complete = syntax.whole();
    Definitions definitions = new Definitions(complaints);
    World world = new World(new Budget(text.length()), definitions, decoding);
    try {
      definitions.read(body, variables, world);
      return complaints.document(new Unfolding(complaints, world).file(body), complete);
    } catch (Fault last) {
      // it is noted already, and nothing that comes after it could be believed
      return complaints.document(new HclBody(List.of(), List.of(), body.place()), false);
    }
  }

  /** Returns the names of the variables that a text declares, as far as it can be read. */
  public static Set<String> variables(String text) {
    return Declarations.names(Syntax.of(text, new Complaints("")).body());
  }
}
