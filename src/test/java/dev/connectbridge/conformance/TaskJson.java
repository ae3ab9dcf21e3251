package dev.connectbridge.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.Value;

/** A task under the names that the API's JSON has for its fields. */
final class TaskJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TaskJson() {}

  /** Returns the task under the names of the API. */
  static ObjectNode of(TaskSpec task) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("Name", task.name()).put("Driver", task.driver()).put("User", task.user());
    node.set("Config", tree(new Value.Entries(task.config())));
    node.set("Env", JSON.valueToTree(task.env()));
    node.set("Meta", JSON.valueToTree(task.meta()));
    node.put("KillTimeout", task.killTimeout().toNanos());
    node.put("ShutdownDelay", task.shutdownDelay().toNanos());
    node.put("KillSignal", task.killSignal());
    node.putObject("Resources")
        .put("CPU", task.resources().cpuMhz().orElse(0))
        .put("MemoryMB", task.resources().memoryMb().orElse(0))
        .put("Cores", task.resources().cores().orElse(0))
        .put("MemoryMaxMB", task.resources().memoryMaxMb().orElse(0));
    node.putObject("LogConfig")
        .put("MaxFiles", task.logs().maxFiles().orElse(0))
        .put("MaxFileSizeMB", task.logs().maxFileSizeMb().orElse(0))
        .put("Disabled", task.logs().disabled());
    return node;
  }

  static JsonNode tree(Value value) {
    if (value instanceof Value.Entries entries) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      entries.entries().forEach((key, entry) -> node.set(key, tree(entry)));
      return node;
    }
    if (value instanceof Value.Items items) {
      ArrayNode node = JsonNodeFactory.instance.arrayNode();
      items.items().forEach(item -> node.add(tree(item)));
      return node;
    }
    if (value instanceof Value.Num num) {
      return JSON.valueToTree(num.number().stripTrailingZeros());
    }
    if (value instanceof Value.Bool bool) {
      return JsonNodeFactory.instance.booleanNode(bool.flag());
    }
    return value instanceof Value.Text text
        ? JsonNodeFactory.instance.textNode(text.text())
        : JsonNodeFactory.instance.nullNode();
  }
}
