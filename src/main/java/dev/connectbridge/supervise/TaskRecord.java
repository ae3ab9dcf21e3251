package dev.connectbridge.supervise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.drain.Leaving;

/**
 * What is kept of a task that was started, so that it can be ended in order by a process that knows
 * nothing else of it.
 *
 * @param id its name on this machine
 * @param driver the driver that runs it
 * @param hash what tells it from another one in its place
 * @param listening where its built-in proxy listens, as {@code Launch} has it
 * @param leaving what goes when it goes: its services, and itself
 */
record TaskRecord(String id, String driver, String hash, String listening, Leaving leaving) {

  TaskRecord with(Leaving other) {
    return new TaskRecord(id, driver, hash, listening, other);
  }

  String text() {
    ObjectNode node = Wording.object();
    node.put("id", id).put("driver", driver).put("hash", hash).put("listening", listening);
    node.set("leaving", Wording.of(leaving));
    return Wording.line(node);
  }

  static TaskRecord of(JsonNode node) {
    return new TaskRecord(
        node.path("id").asText(),
        node.path("driver").asText(),
        node.path("hash").asText(),
        node.path("listening").asText(),
        Wording.leaving(node.path("leaving")));
  }
}
