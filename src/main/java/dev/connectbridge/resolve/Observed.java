package dev.connectbridge.resolve;

import java.util.List;

/**
 * What the agent holds, in one look.
 *
 * @param registrations the entries with our marks, of any owner, each with its sidecar
 * @param orphans the sidecars with our marks whose service the agent does not hold
 * @param foreign everything else
 */
public record Observed(
    List<Registration> registrations, List<Orphan> orphans, List<Foreign> foreign) {

  /** An agent that holds nothing. */
  public static final Observed NOTHING = new Observed(List.of(), List.of(), List.of());

  public Observed {
    registrations = List.copyOf(registrations);
    orphans = List.copyOf(orphans);
    foreign = List.copyOf(foreign);
  }

  /**
   * A sidecar that stands alone.
   *
   * @param id its ID on the agent
   * @param name its name
   * @param port its port
   * @param marks its marks
   */
  public record Orphan(String id, String name, int port, Marks marks) {}

  /**
   * An entry that is not ours: never written, never removed.
   *
   * @param id its ID on the agent
   * @param name its name
   * @param port its port
   */
  public record Foreign(String id, String name, int port) {}
}
