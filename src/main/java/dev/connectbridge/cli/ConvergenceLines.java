package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** How far a daemon's entries have come, for people: only what is not well is told one by one. */
final class ConvergenceLines {
  private ConvergenceLines() {}

  static String of(JsonNode status) {
    List<String> lines = new ArrayList<>();
    SortedSet<String> unknown = new TreeSet<>();
    int well = 0;
    int open = 0;
    for (JsonNode entry : status.path("entries")) {
      List<String> ills = ills(entry);
      SortedSet<String> unknowns = unknowns(entry);
      if (!ills.isEmpty()) {
        lines.add("  %s of %s".formatted(entry.path("id").asText(), entry.path("group").asText()));
        lines.addAll(ills);
      } else if (unknowns.isEmpty()) {
        well++;
      } else {
        open++;
        unknown.addAll(unknowns);
      }
    }
    lines.add(0, "Entries: %d of %d are well".formatted(well, status.path("entries").size()));
    lines.addAll(unasked(open, unknown, status.path("unasked").size()));
    status.path("problems").forEach(problem -> lines.add("Refused: " + problem.asText()));
    status.path("ghosts").forEach(ghost -> lines.add(ghost(ghost)));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> unasked(int open, SortedSet<String> unknown, int groups) {
    List<String> lines = new ArrayList<>();
    if (open > 0) {
      String entries = open == 1 ? "1 entry" : open + " entries";
      lines.add("Not known of %s: %s".formatted(entries, String.join(", ", unknown)));
    }
    if (groups > 0) {
      lines.add(
          "Not asked this time whether they are ready: %s; all are asked in turn"
              .formatted(Lines.count(groups, "group")));
    }
    return lines;
  }

  static String ghost(JsonNode ghost) {
    return "Ghost: %s of %s is in the catalog since %s, although the agent does not hold it"
        .formatted(
            ghost.path("id").asText(), ghost.path("group").asText(), ghost.path("since").asText());
  }

  /** What is not known is not ill, nor is it well. */
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

  private static SortedSet<String> unknowns(JsonNode entry) {
    SortedSet<String> unknowns = new TreeSet<>();
    for (JsonNode condition : entry.path("conditions")) {
      if (condition.path("status").asText().equals("unknown")) {
        String reason = condition.path("reason").asText();
        unknowns.add(
            condition.path("type").asText() + (reason.isEmpty() ? "" : " (" + reason + ")"));
      }
    }
    return unknowns;
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
