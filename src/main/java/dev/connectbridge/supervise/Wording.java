package dev.connectbridge.supervise;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.drain.Leaving;
import dev.connectbridge.drain.Leaving.Service;
import dev.connectbridge.drain.Leaving.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How what outlives this process is written down: one JSON object a line, times in milliseconds.
 */
final class Wording {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Wording() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static String line(ObjectNode object) {
    return object.toString();
  }

  /** Returns the object that a line holds; empty when it is none, such as one that was torn. */
  static Optional<JsonNode> read(String line) {
    try {
      return Optional.ofNullable(JSON.readTree(line)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static ObjectNode of(Leaving leaving) {
    ObjectNode node = object();
    node.put("allocation", leaving.allocation());
    node.put("group", leaving.group());
    node.put("source", leaving.source());
    node.put("delay_ms", leaving.delay().toMillis());
    ArrayNode services = node.putArray("services");
    for (Service service : leaving.services()) {
      services
          .addObject()
          .put("id", service.id())
          .put("name", service.name())
          .put("sidecar", service.hasSidecar())
          .put("orphan", service.orphan());
    }
    ArrayNode tasks = node.putArray("tasks");
    for (Task task : leaving.tasks()) {
      tasks
          .addObject()
          .put("id", task.id())
          .put("delay_ms", task.delay().toMillis())
          .put("kill_timeout_ms", task.killTimeout().toMillis())
          .put("signal", task.signal())
          .put("driver", task.driver());
    }
    return node;
  }

  static Leaving leaving(JsonNode node) {
    List<Service> services = new ArrayList<>();
    for (JsonNode service : node.path("services")) {
      services.add(
          new Service(
              service.path("id").asText(),
              service.path("name").asText(),
              service.path("sidecar").asBoolean(),
              service.path("orphan").asBoolean()));
    }
    List<Task> tasks = new ArrayList<>();
    for (JsonNode task : node.path("tasks")) {
      tasks.add(
          new Task(
              task.path("id").asText(),
              Duration.ofMillis(task.path("delay_ms").asLong()),
              Duration.ofMillis(task.path("kill_timeout_ms").asLong()),
              task.path("signal").asText(),
              task.path("driver").asText()));
    }
    return new Leaving(
        node.path("allocation").asText(),
        node.path("group").asText(),
        node.path("source").asText(),
        services,
        tasks,
        Duration.ofMillis(node.path("delay_ms").asLong()));
  }
}
