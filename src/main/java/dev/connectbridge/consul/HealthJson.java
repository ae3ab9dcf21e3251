package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.consul.AgentApi.Health;
import dev.connectbridge.consul.AgentApi.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What checks say, on the wire. */
final class HealthJson {
  /** The agent keeps no more of an output. */
  private static final int MOST_OUTPUT = 4096;

  private HealthJson() {}

  static ObjectNode update(Status status, String output) {
    if (status == Status.UNKNOWN) {
      throw new IllegalArgumentException("a check is passing, warning or critical");
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("Status", status.name().toLowerCase(Locale.ROOT))
        .put("Output", cut(output));
  }

  /**
   * Returns a check that nobody looks after, and which says what a held one says. Should it stay
   * after all, it is not to turn critical by itself.
   */
  static ObjectNode held(JsonNode check) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ID", check.path("CheckID").asText())
        .put("Name", check.path("Name").asText())
        .put("ServiceID", check.path("ServiceID").asText())
        .put("Status", check.path("Status").asText())
        .put("TTL", "87600h");
  }

  private static String cut(String output) {
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MOST_OUTPUT
        ? output
        : new String(bytes, 0, MOST_OUTPUT, StandardCharsets.UTF_8);
  }

  /** Passing is 200, warning 429 and critical 503; but so say other servers, so the body counts. */
  static Health of(Reply reply, String id) throws AgentException {
    JsonNode body = told(reply);
    if (reply.status() == 404) {
      return Health.UNKNOWN;
    }
    if (!body.path("Service").path("ID").asText("").equals(id)) {
      throw reply.garbled("is about another entry");
    }
    List<String> complaints = new ArrayList<>();
    for (JsonNode check : body.path("Checks")) {
      if (!check.path("Status").asText("").equals("passing")) {
        complaints.add(complaint(check));
      }
    }
    return new Health(status(reply, body), complaints);
  }

  private static JsonNode told(Reply reply) throws AgentException {
    return switch (reply.status()) {
      case 404, 429, 503 -> {
        if (!reply.text().contains("AggregatedStatus")) {
          throw reply.refusal();
        }
        yield reply.objectWhateverTheStatus();
      }
      default -> reply.object();
    };
  }

  private static Status status(Reply reply, JsonNode body) throws AgentException {
    return switch (body.path("AggregatedStatus").asText("")) {
      case "passing" -> Status.PASSING;
      case "warning" -> Status.WARNING;
      case "critical", "maintenance" -> Status.CRITICAL;
      default -> throw reply.garbled("has no status");
    };
  }

  private static String complaint(JsonNode check) {
    // The reason of a maintenance mode is a note.
    String said = check.path("Output").asText("");
    String output = Reply.oneLine(said.isEmpty() ? check.path("Notes").asText("") : said);
    String head = check.path("Name").asText("") + " is " + check.path("Status").asText("");
    return output.isEmpty() ? head : head + ": " + output;
  }
}
