package dev.connectbridge.docker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.sidecar.TaskDirs;
import java.util.Collection;
import java.util.Map;

/** A container that is to be made, as the engine reads it, while it is being written. */
final class Draft {
  private final TaskDirs dirs;
  private final ObjectNode top = JsonNodeFactory.instance.objectNode();
  private final ObjectNode host = top.putObject("HostConfig");

  Draft(TaskDirs dirs) {
    this.dirs = dirs;
  }

  /** Returns the task's directories, which a volume may name. */
  TaskDirs dirs() {
    return dirs;
  }

  /** Returns what makes the container. */
  ObjectNode top() {
    return top;
  }

  /** Returns what ties it to this machine. */
  ObjectNode host() {
    return host;
  }

  static void list(ObjectNode node, String key, Collection<String> texts) {
    var list = node.putArray(key);
    texts.forEach(list::add);
  }

  static void map(ObjectNode node, String key, Map<String, String> texts) {
    ObjectNode map = node.withObject("/" + key);
    texts.forEach(map::put);
  }
}
