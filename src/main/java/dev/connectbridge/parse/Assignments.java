package dev.connectbridge.parse;

import dev.connectbridge.hcl.Hcl;
import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclDocument;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.hcl.Variables;
import dev.connectbridge.parse.TreeReader.Tree;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Values for the variables of job files: from files of them, and from the command line.
 *
 * @param variables the values; of two for one variable the later one counts
 * @param problems why some of them could not be read
 */
public record Assignments(Variables variables, List<Problem> problems) {

  /** Nothing is given: every variable has its default. */
  public static final Assignments NONE = new Assignments(Variables.NONE, List.of());

  public Assignments {
    problems = List.copyOf(problems);
  }

  /** Returns what {@code --var NAME=VALUE} says, given what stands behind it. */
  public static Assignments option(String written) {
    int sign = written.indexOf('=');
    String name = sign < 0 ? "" : written.substring(0, sign).strip();
    if (name.isEmpty()) {
      String message = "expected NAME=VALUE, found " + Spelling.quoted(written);
      return new Assignments(
          Variables.NONE, List.of(new Problem("--var", "", new Place(1, 1), message)));
    }
    return new Assignments(Variables.option(name, written.substring(sign + 1)), List.of());
  }

  /** Returns the values in a file: HCL's {@code NAME = VALUE} lines, or one object of JSON. */
  public static Assignments file(String file, String text) {
    boolean json = file.toLowerCase(Locale.ROOT).endsWith(".json");
    return json ? json(file, text) : hcl(file, text);
  }

  private static Assignments json(String file, String text) {
    Tree tree = TreeReader.json(file, text);
    if (!tree.problems().isEmpty() || tree.root().isEmpty()) {
      return new Assignments(Variables.NONE, tree.problems());
    }
    if (tree.root().get() instanceof Node.Entries entries) {
      return new Assignments(Variables.file(file, entries), List.of());
    }
    Place place = tree.root().get().place();
    String message = "expected an object of names and values";
    return new Assignments(Variables.NONE, List.of(new Problem(file, "", place, message)));
  }

  private static Assignments hcl(String file, String text) {
    HclDocument document = Hcl.parse(file, text);
    List<Problem> problems = new ArrayList<>(document.problems());
    document
        .body()
        .blocks()
        .forEach(
            block ->
                problems.add(
                    new Problem(file, "", block.place(), "expected NAME = VALUE, found a block")));
    Map<String, Node.Member> members = new LinkedHashMap<>();
    for (Attribute each : document.body().attributes()) {
      members.put(each.name(), new Node.Member(each.place(), each.value()));
    }
    Node.Entries values = new Node.Entries(members, document.body().place());
    return new Assignments(Variables.file(file, values), problems);
  }

  /** Returns these and others, which win. */
  public Assignments and(Assignments later) {
    return new Assignments(
        variables.and(later.variables()),
        Stream.concat(problems.stream(), later.problems().stream()).toList());
  }

  /** Returns these, and one more reason why they are not all. */
  public Assignments with(Problem problem) {
    return and(new Assignments(Variables.NONE, List.of(problem)));
  }

  /** Returns those for variables of these names. */
  public Assignments only(Set<String> names) {
    return new Assignments(variables.only(names), problems);
  }

  /** Returns a problem for each value whose variable is none of those that there are. */
  public List<Problem> strangers(Set<String> names) {
    return variables.given().stream()
        .filter(each -> !names.contains(each.name()))
        .map(
            each ->
                new Problem(
                    each.source(),
                    "var." + each.name(),
                    each.value().place(),
                    "no job file has a variable "
                        + Spelling.quoted(each.name())
                        + Spelling.didYouMean(each.name(), names)))
        .toList();
  }

  /** Returns the names of the variables that a job file declares, as far as it can be read. */
  public static Set<String> declaredIn(String file, String text) {
    return SpecParser.isHcl(file, text) ? Hcl.variables(text) : new TreeSet<>();
  }
}
