package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Value;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in JSON and YAML what only HCL fills in, before anybody takes it for a text. */
final class Templated {
  private static final Pattern OF_A_FILE =
      Pattern.compile("\\$\\{\\s*((?:var|local)\\.[\\w-]{1,60})");

  private Templated() {}

  static void report(Node node, Source source, Report report) {
    if (node instanceof Node.Items items) {
      items.items().forEach(item -> report(item, source, report));
    } else if (node instanceof Node.Entries entries) {
      entries.members().forEach((key, member) -> report(member.node(), source, report));
    } else if (node.value() instanceof Value.Text text && text.text().contains("${")) {
      Matcher found = OF_A_FILE.matcher(text.text());
      if (found.find()) {
        String message = "only HCL has variables: found %s here".formatted(found.group(1));
        report.problem(source.problem(node.place(), message));
      }
    }
  }
}
