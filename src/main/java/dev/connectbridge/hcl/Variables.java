package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Values for the variables of a file that are given from outside.
 *
 * @param given the values; of two for one variable the later one counts
 */
public record Variables(List<Given> given) {

  /** Nothing is given: every variable has its default. */
  public static final Variables NONE = new Variables(List.of());

  public Variables {
    given = List.copyOf(given);
  }

  /**
   * One value.
   *
   * @param name the name of the variable
   * @param value the value, and where it is written
   * @param bare whether it is a text as a shell hands it over, which is read as its variable's type
   *     asks: {@code [1, 2]} is a list for a list, and five characters for a string
   * @param source the file that it is written in, or what else problems call it by
   */
  public record Given(String name, Node value, boolean bare, String source) {}

  /** Returns one value as it stands on a command line. */
  public static Variables option(String name, String text) {
    Node value = new Node.Scalar(new Value.Text(text), new Place(1, 1));
    return new Variables(List.of(new Given(name, value, true, "--var " + Found.shortened(name))));
  }

  /** Returns the values that a file holds. */
  public static Variables file(String file, Node.Entries values) {
    List<Given> given = new ArrayList<>();
    values
        .members()
        .forEach((name, member) -> given.add(new Given(name, member.node(), false, file)));
    return new Variables(given);
  }

  /** Returns these and others, which win. */
  public Variables and(Variables later) {
    List<Given> all = new ArrayList<>(given);
    all.addAll(later.given());
    return new Variables(all);
  }

  /** Returns those for variables of these names. */
  public Variables only(Set<String> names) {
    return new Variables(given.stream().filter(each -> names.contains(each.name())).toList());
  }
}
