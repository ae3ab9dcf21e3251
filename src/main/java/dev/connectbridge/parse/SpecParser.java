package dev.connectbridge.parse;

import dev.connectbridge.hcl.Hcl;
import dev.connectbridge.hcl.HclDocument;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.TreeReader.Tree;
import dev.connectbridge.spec.JobSpec.Glimpse;
import dev.connectbridge.spec.Origin.Place;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads job specs: HCL2, the same keys in JSON or YAML, the HTTP API's job JSON, and allocations as
 * the API returns them. Never throws for any text, and touches nothing but the text.
 */
public final class SpecParser {
  private static final Place TOP = new Place(1, 1);

  private SpecParser() {}

  /**
   * Returns the jobs that a text describes, or what is wrong with it.
   *
   * @param file the name of the file: {@code .json}, {@code .yaml} and {@code .yml} say what is in
   *     it, anything else is HCL, or JSON when it begins as JSON does
   * @param text what is in it
   */
  public static Parsed parse(String file, String text) {
    return parse(file, text, Assignments.NONE);
  }

  /**
   * Returns the jobs that a text describes, given values for its variables.
   *
   * @param file the name of the file
   * @param text what is in it
   * @param assignments the values; each must be for a variable of this text
   */
  public static Parsed parse(String file, String text, Assignments assignments) {
    Report report = new Report();
    Source source = Source.of(file, text);
    if (source.fault().isPresent()) {
      report.problem(source.fault().get());
      return Parsed.of(Glimpse.NONE, report);
    }
    if (Source.hasMark(text)) {
      report.warning(source.problem(TOP, "the file begins with a byte order mark; it is skipped"));
    }
    assignments.problems().forEach(report::problem);
    List<Sketch> jobs = read(source, assignments, report);
    if (jobs.isEmpty() && report.problems().isEmpty() && !isEmptyList(source)) {
      report.problem(source.problem(TOP, "expected a job; the file is empty"));
    }
    return Parsed.of(Sketch.read(jobs, report), report);
  }

  /** No allocations at all is something to say, too. */
  private static boolean isEmptyList(Source source) {
    return !isHcl(source.file(), source.text()) && source.text().strip().matches("\\[\\s*]");
  }

  private static List<Sketch> read(Source source, Assignments assignments, Report report) {
    if (!isHcl(source.file(), source.text())) {
      assignments.strangers(Set.of()).forEach(report::problem);
      return isYaml(source.file())
          ? tree(source, TreeReader.yaml(source.file(), source.text()), report)
          : tree(source, TreeReader.json(source.file(), source.text()), report);
    }
    HclDocument document =
        Hcl.parse(source.file(), source.text(), assignments.variables(), new Decoders());
    Whereabouts.tell(document, report);
    return document.complete()
        ? new FileReader(source.file(), Notation.HCL, report).jobs(Body.of(document.body()))
        : List.of();
  }

  /** Returns whether a text is to be read as HCL, by its name or by how it begins. */
  static boolean isHcl(String file, String text) {
    boolean json = file.toLowerCase(Locale.ROOT).endsWith(".json");
    return !json && !isYaml(file) && !beginsAsJson(text);
  }

  private static boolean isYaml(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private static boolean beginsAsJson(String text) {
    String bare = text.stripLeading();
    return bare.startsWith("{") || bare.startsWith("[");
  }

  private static List<Sketch> tree(Source source, Tree tree, Report report) {
    tree.problems().forEach(report::problem);
    if (tree.root().isEmpty()) {
      return List.of();
    }
    Node root = tree.root().get();
    ApiReader api = new ApiReader(source, report);
    if (root instanceof Node.Items items) {
      return api.allocations(items);
    }
    if (!(root instanceof Node.Entries entries)) {
      report.problem(
          source.problem(root.place(), "expected a job, found " + Scalars.describe(root)));
      return List.of();
    }
    if (ApiReader.isApi(entries)) {
      return api.jobs(entries);
    }
    Templated.report(entries, source, report);
    return new FileReader(source.file(), Notation.TREE, report)
        .jobs(new TreeLevels(source.file(), Notation.TREE, report, entries));
  }
}
