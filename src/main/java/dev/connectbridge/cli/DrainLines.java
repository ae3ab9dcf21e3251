package dev.connectbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a drain did, for people. */
final class DrainLines {
  private DrainLines() {}

  /** Returns a receipt as lines; the last one says what became of the drain. */
  static String of(JsonNode receipt) {
    StringBuilder text = new StringBuilder();
    text.append(receipt.path("group").asText()).append(": ");
    text.append(Lines.count(receipt.path("services").size(), "service")).append(", ");
    text.append(Lines.count(receipt.path("tasks").size(), "task")).append('\n');
    steps(receipt).forEach(step -> text.append("  ").append(step).append('\n'));
    return text.append('\n').append(verdict(receipt)).append('\n').toString();
  }

  /** Returns how far a drain got, a step each. */
  static List<String> steps(JsonNode drain) {
    List<String> steps = new ArrayList<>();
    steps.add(step(drain, "deregistered_at_agent_ms", "deregistered at the agent"));
    steps.add(step(drain, "absent_from_catalog_ms", "absent from the catalog"));
    for (JsonNode task : drain.path("tasks")) {
      List<String> parts = new ArrayList<>();
      parts.add(step(task, "signal_ms", "signalled"));
      if (task.path("kill_ms").isNumber()) {
        parts.add(step(task, "kill_ms", "killed"));
      }
      String exit = task.path("exit").asText();
      parts.add(step(task, "exit_ms", "ended") + (exit.isEmpty() ? "" : " (" + exit + ")"));
      steps.add("task " + task.path("task").asText() + ": " + String.join(", ", parts));
    }
    return steps;
  }

  private static String step(JsonNode drain, String time, String what) {
    return drain.path(time).isNumber()
        ? what + " after " + seconds(drain.path(time).asLong())
        : "not " + what;
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f s", millis / 1000.0);
  }

  private static String verdict(JsonNode receipt) {
    String held =
        "It is held back until its spec changes or goes, or: connect-bridge resume '"
            + receipt.path("group").asText()
            + "'";
    return switch (receipt.path("verdict").asText()) {
      case "PROVEN" ->
          "Drain complete! Proven %s before its time was over. %s"
              .formatted(seconds(receipt.path("margin_ms").asLong()), held);
      case "CANCELLED" -> "Drain cancelled: it is wanted again, and keeps its tasks.";
      default ->
          "Drain not proven: %s. %s".formatted(receipt.path("reason").asText("unknown"), held);
    };
  }
}
