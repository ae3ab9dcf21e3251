package dev.connectbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.spec.Problem;
import java.util.List;
import java.util.Locale;

/** Findings in SARIF 2.1.0, which shows them beside the code. */
final class Sarif {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

  private Sarif() {}

  /** A kind of finding. */
  private enum Rule {
    PROBLEM("spec-problem", "error", "What keeps a spec from being used."),
    WARNING("spec-warning", "warning", "What the author of a spec may not have meant.");

    private final String id;
    private final String level;
    private final String about;

    Rule(String id, String level, String about) {
      this.id = id;
      this.level = level;
      this.about = about;
    }
  }

  static ObjectNode of(String version, List<Findings> findings) {
    ObjectNode log =
        JsonNodeFactory.instance
            .objectNode()
            .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            .put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    ArrayNode rules =
        driver.put("name", "connect-bridge").put("version", version).putArray("rules");
    for (Rule rule : Rule.values()) {
      ObjectNode one = rules.addObject().put("id", rule.id);
      one.putObject("shortDescription").put("text", rule.about);
      one.putObject("defaultConfiguration").put("level", rule.level);
    }
    ArrayNode results = run.put("columnKind", "unicodeCodePoints").putArray("results");
    for (Findings file : findings) {
      file.problems().forEach(each -> add(results, Rule.PROBLEM, each));
      file.warnings().forEach(each -> add(results, Rule.WARNING, each));
    }
    return log;
  }

  private static void add(ArrayNode results, Rule rule, Problem found) {
    ObjectNode result = results.addObject().put("ruleId", rule.id).put("level", rule.level);
    result.putObject("message").put("text", found.message());
    ObjectNode location = result.putArray("locations").addObject();
    ObjectNode physical = location.putObject("physicalLocation");
    physical.putObject("artifactLocation").put("uri", uri(found.file()));
    physical
        .putObject("region")
        .put("startLine", Math.max(1, found.place().line()))
        .put("startColumn", Math.max(1, found.place().column()));
    if (!found.path().isEmpty()) {
      location.putArray("logicalLocations").addObject().put("fullyQualifiedName", found.path());
    }
  }

  /** Returns a file's name as a URI; a relative one stays relative. */
  private static String uri(String file) {
    StringBuilder uri = new StringBuilder(file.startsWith("/") ? "file://" : "");
    for (byte each : file.getBytes(UTF_8)) {
      char sign = (char) (each & 0xff);
      if (UNRESERVED.indexOf(sign) >= 0) {
        uri.append(sign);
      } else {
        uri.append(String.format(Locale.ROOT, "%%%02X", (int) sign));
      }
    }
    return uri.toString();
  }
}
