package dev.connectbridge.parse;

import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What is wrong with a YAML text, in our words. */
final class YamlFaults {
  private YamlFaults() {}

  static String message(MarkedYAMLException malformed, String found) {
    String problem = malformed.getProblem() == null ? "" : malformed.getProblem();
    if (found.equals("\"\\u0009\"")) {
      return "this is not YAML: a tab cannot indent, use spaces";
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return "this is not YAML: \"key: value\" cannot begin here; check the indentation,"
          + " and quote a text that holds a colon";
    }
    if (problem.contains("block end")) {
      return "this is not YAML: " + found + " does not line up with what stands above it";
    }
    if (found.startsWith("the end of the text")) {
      return "this YAML ends too early: something that was opened is not closed";
    }
    return "this is not YAML: " + found + " was not expected here";
  }
}
