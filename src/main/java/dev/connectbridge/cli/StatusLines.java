package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How a daemon stands, for people. */
final class StatusLines {
  private static final List<String> HEAD =
      List.of("TASK", "GROUP", "DRIVER", "STATE", "RESTARTS", "RUNS AS");

  private StatusLines() {}

  static String of(JsonNode status) {
    StringBuilder text = new StringBuilder(writer(status.path("writer")));
    text.append(tasks(status.path("tasks"))).append('\n');
    text.append(drains(status.path("drains")));
    text.append(ConvergenceLines.of(status));
    text.append("Ready: ").append(names(status.path("ready"))).append('\n');
    text.append("Held back: ").append(names(status.path("held"))).append('\n');
    text.append("Drains not proven since the start: ");
    text.append(status.path("not_proven").asInt()).append('\n');
    text.append(connections(status.path("connections")));
    text.append(withheld(status.path("withheld")));
    for (JsonNode fight : status.path("fights")) {
      text.append("Not written any more: ").append(fight.path("id").asText());
      text.append(" (").append(fight.path("why").asText()).append(")\n");
    }
    for (JsonNode warning : status.path("warnings")) {
      text.append("Warning: ").append(warning.asText()).append('\n');
    }
    return text.toString();
  }

  /** Returns whether it writes; whoever does, and has the lock, says so by its epoch. */
  static String writer(JsonNode writer) {
    String why = writer.path("why").asText();
    return switch (writer.path("state").asText()) {
      case "writer" -> "Writer: yes, epoch %d\n".formatted(writer.path("epoch").asLong());
      case "alone" -> "Writer: yes, by the locks of files alone (%s)\n".formatted(why);
      case "standby" -> "Standby: %s\n".formatted(why);
      case "" -> "";
      default -> "Writer: not known yet (%s)\n".formatted(why);
    };
  }

  private static String tasks(JsonNode tasks) {
    if (tasks.isEmpty()) {
      return "No tasks.\n";
    }
    List<List<String>> rows = new ArrayList<>(List.of(HEAD));
    for (JsonNode task : tasks) {
      rows.add(
          List.of(
              task.path("id").asText(),
              task.path("group").asText(),
              task.path("driver").asText(),
              task.path("state").asText(),
              task.path("restarts").asText(),
              task.path("handle").asText()));
    }
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.size(); row++) {
      text.append(line(rows, row)).append('\n');
      String detail = row == 0 ? "" : tasks.path(row - 1).path("detail").asText();
      text.append(detail.isEmpty() ? "" : "  " + detail + "\n");
    }
    return text.toString();
  }

  private static String line(List<List<String>> rows, int row) {
    return IntStream.range(0, HEAD.size())
        .mapToObj(
            column -> {
              int width =
                  rows.stream().mapToInt(one -> one.get(column).length()).max().orElseThrow();
              String cell = rows.get(row).get(column);
              return cell + " ".repeat(width - cell.length());
            })
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private static String drains(JsonNode drains) {
    if (drains.isEmpty()) {
      return "No drain is under way.\n";
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode drain : drains) {
      text.append("Drain of ").append(drain.path("group").asText());
      text.append(" (").append(drain.path("cause").asText()).append("):\n");
      DrainLines.steps(drain).forEach(step -> text.append("  ").append(step).append('\n'));
    }
    return text.toString();
  }

  private static String names(JsonNode all) {
    List<String> groups = new ArrayList<>();
    all.forEach(group -> groups.add(group.asText()));
    return groups.isEmpty() ? "nothing" : String.join(", ", groups);
  }

  /** Returns what is withheld, why, and what to do about it; nothing where nothing is. */
  static String withheld(JsonNode withheld) {
    if (!withheld.isObject()) {
      return "";
    }
    String way =
        withheld.path("consentable").asBoolean()
            ? ": connect-bridge approve " + withheld.path("digest").asText()
            : "";
    return "Withheld: %s would be deregistered, and stay: %s\n  %s%s\n"
        .formatted(
            names(withheld.path("groups")),
            withheld.path("why").asText(),
            withheld.path("remedy").asText(),
            way);
  }

  private static String connections(JsonNode connections) {
    int proxies = connections.path("proxies").asInt();
    if (proxies == 0) {
      return "";
    }
    int limit = connections.path("limit").asInt();
    return "Connections to the agent: %s, up to %d of %s\n"
        .formatted(
            Lines.count(proxies, "built-in proxy").replace("proxys", "proxies"),
            connections.path("needed").asInt(),
            limit <= 0 ? "any number" : String.valueOf(limit));
  }
}
