package dev.connectbridge.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import java.util.List;

/**
 * What the engine answered.
 *
 * @param asked the method and path, for messages
 * @param status the HTTP status
 * @param text the body
 */
record Reply(String asked, int status, String text) {
  private static final int MOST_TEXT = 300;
  private static final List<String> WRONG_ORDERS =
      List.of(
          "invalid signal",
          "OCI runtime attempted to invoke a command that was not found",
          "OCI permission denied");
  private static final ObjectReader JSON = JsonMapper.builder().build().readerFor(JsonNode.class);

  boolean isOk() {
    return status >= 200 && status < 300;
  }

  boolean isMissing() {
    return status == 404;
  }

  /** Returns whether the engine says that a container is not in the state that was asked for. */
  boolean saysNotRunning() {
    return status == 409
        || (status == 500 && (text.contains("is not running") || text.contains("state improper")));
  }

  /** Podman 4.3 says so of a whole list when a container in it ends while it looks. */
  boolean saysItEndedMeanwhile() {
    return status == 500 && text.contains("no such process");
  }

  /** Podman says so of what its author must mend. */
  private boolean saysOrderIsWrong() {
    return status == 500 && WRONG_ORDERS.stream().anyMatch(text::contains);
  }

  /** Returns this answer if it is a good one. */
  Reply done() throws TaskException {
    if (!isOk()) {
      throw refusal();
    }
    return this;
  }

  /** Returns the JSON of a good answer. */
  JsonNode json() throws TaskException {
    done();
    try {
      return parse(text);
    } catch (JsonProcessingException e) {
      // The cause would quote the answer, and an answer may hold the environment of a container.
      throw new TaskException(Kind.FAILED, asked + ": the answer is no JSON of an engine", null);
    }
  }

  TaskException refusal() {
    boolean refused = status == 400 || status == 404 || saysOrderIsWrong();
    return new TaskException(
        refused ? Kind.REFUSED : Kind.FAILED, asked + ": " + status + " " + said(), null);
  }

  /** Returns what the engine said, on one line. */
  String said() {
    return oneLine(message());
  }

  private String message() {
    try {
      JsonNode message = parse(text).path("message");
      return message.isTextual() ? message.asText() : text;
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  static JsonNode parse(String text) throws JsonProcessingException {
    JsonNode node = JSON.readTree(text);
    return node == null ? JSON.createObjectNode() : node;
  }

  static String oneLine(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() <= MOST_TEXT ? line : line.substring(0, MOST_TEXT) + "…";
  }
}
