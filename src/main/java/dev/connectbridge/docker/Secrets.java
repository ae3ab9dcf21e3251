package dev.connectbridge.docker;

import dev.connectbridge.sidecar.TaskOrder;
import java.util.Comparator;
import java.util.List;

/** What must not be repeated of an order, should the engine quote it in a complaint. */
record Secrets(List<String> values) {
  private static final int SHORTEST = 4;

  /** What the bridge says by itself is no secret, and paths of it stand in complaints. */
  static Secrets of(TaskOrder order) {
    return new Secrets(
        order.env().entrySet().stream()
            .filter(entry -> !entry.getKey().startsWith("NOMAD_"))
            .map(entry -> entry.getValue())
            .filter(value -> value.length() >= SHORTEST)
            .sorted(Comparator.comparing(String::length).reversed())
            .toList());
  }

  Reply hide(Reply reply) {
    if (reply.isOk()) {
      return reply;
    }
    String text = reply.text();
    for (String value : values) {
      text = text.replace(value, "(hidden)");
    }
    return new Reply(reply.asked(), reply.status(), text);
  }

  @Override
  public String toString() {
    return values.size() + " values";
  }
}
