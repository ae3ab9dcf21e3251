package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** How far a daemon's entries have come, for people: only what is not well is told one by one. */
final class ConvergenceLines {
  private ConvergenceLines() {}

  static String of(JsonNode status) {
    List<String> lines = new ArrayList<>();
    int well = 0;
    for (JsonNode entry : status.path("entries")) {
      List<String> ills = ills(entry);
      well += ills.isEmpty() ? 1 : 0;
      if (!ills.isEmpty()) {
        lines.add("  %s of %s".formatted(entry.path("id").asText(), entry.path("group").asText()));
        lines.addAll(ills);
      }
    }
    status.path("ghosts").forEach(ghost -> lines.add(ghost(ghost)));
    lines.add(0, "Entries: %d of %d are well".formatted(well, status.path("entries").size()));
    return String.join("\n", lines) + "\n";
  }

  static String ghost(JsonNode ghost) {
    return "Ghost: %s of %s is in the catalog since %s, although the agent does not hold it"
        .formatted(
            ghost.path("id").asText(), ghost.path("group").asText(), ghost.path("since").asText());
  }

  /** What is not known is not ill. */
  private static List<String> ills(JsonNode entry) {
    List<String> ills = new ArrayList<>();
    for (JsonNode condition : entry.path("conditions")) {
      if (!condition.path("well").asBoolean()
          && !condition.path("status").asText().equals("unknown")) {
        ills.add("    " + line(condition));
      }
    }
    return ills;
  }

  private static String line(JsonNode condition) {
    StringBuilder line = new StringBuilder(condition.path("type").asText());
    line.append(" is ").append(condition.path("status").asText());
    line.append(" since ").append(condition.path("since").asText());
    for (String name : List.of("reason", "last_error")) {
      String said = condition.path(name).asText();
      line.append(said.isEmpty() ? "" : ": " + said);
    }
    String next = condition.path("next_try").asText("");
    return line.append(next.isEmpty() || next.equals("null") ? "" : "; next try " + next)
        .toString();
  }
}
