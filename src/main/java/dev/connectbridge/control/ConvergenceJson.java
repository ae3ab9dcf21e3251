package dev.connectbridge.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.converge.Condition;
import dev.connectbridge.converge.Convergence;
import dev.connectbridge.converge.EntryConditions;
import dev.connectbridge.converge.Ghost;
import java.time.Instant;
import java.util.Locale;

/** How far the entries have come, on the wire. */
final class ConvergenceJson {
  private ConvergenceJson() {}

  static void into(ObjectNode node, Convergence convergence) {
    ArrayNode entries = node.putArray("entries");
    for (EntryConditions entry : convergence.entries()) {
      ObjectNode one =
          entries
              .addObject()
              .put("id", entry.id())
              .put("group", entry.group())
              .put("source", entry.source());
      ArrayNode conditions = one.putArray("conditions");
      entry.conditions().forEach(condition -> into(conditions.addObject(), condition));
    }
    ArrayNode ghosts = node.putArray("ghosts");
    for (Ghost ghost : convergence.ghosts()) {
      ghosts
          .addObject()
          .put("id", ghost.id())
          .put("group", ghost.group())
          .put("source", ghost.source())
          .put("since", ghost.since().toString());
    }
    ArrayNode problems = node.putArray("problems");
    convergence.problems().forEach(problems::add);
    ArrayNode unasked = node.putArray("unasked");
    convergence.unasked().forEach(unasked::add);
  }

  private static void into(ObjectNode node, Condition condition) {
    node.put("type", condition.kind().text())
        .put("status", condition.truth().name().toLowerCase(Locale.ROOT))
        .put("well", condition.isWell())
        .put("since", condition.since().toString())
        .put("reason", condition.reason())
        .put("last_error", condition.lastError())
        .put("next_try", condition.nextTry().map(Instant::toString).orElse(null));
  }
}
