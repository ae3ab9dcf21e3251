package dev.connectbridge.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.connectbridge.consul.AgentException.Kind;

/**
 * What the agent answered.
 *
 * @param asked the method and path, for messages
 * @param status the HTTP status
 * @param type the content type, empty when there is none
 * @param text the body
 */
record Reply(String asked, int status, String type, String text) {
  private static final int MOST_TEXT = 300;
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  boolean isOk() {
    return status == 200;
  }

  /** Returns the JSON object of a good answer. */
  JsonNode object() throws AgentException {
    if (!isOk()) {
      throw refusal();
    }
    return objectWhateverTheStatus();
  }

  /** Returns the JSON object of an answer whose status is part of what it says. */
  JsonNode objectWhateverTheStatus() throws AgentException {
    JsonNode node = json();
    if (!node.isObject()) {
      throw garbled("is no JSON object");
    }
    return node;
  }

  /** Returns the JSON array of a good answer. */
  JsonNode array() throws AgentException {
    if (!isOk()) {
      throw refusal();
    }
    JsonNode node = json();
    if (!node.isArray()) {
      throw garbled("is no JSON array");
    }
    return node;
  }

  private JsonNode json() throws AgentException {
    if (!type.startsWith("application/json")) {
      throw garbled("is not JSON but '" + type + "'");
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      // The cause would quote the answer, which may hold more than a log should.
      throw garbled("is cut short or no JSON: " + e.getOriginalMessage());
    }
  }

  /** Checks the answer to a write, which has no text when Consul itself gives it. */
  void written() throws AgentException {
    if (!isOk()) {
      throw refusal();
    }
    if (!text.isBlank() && !type.startsWith("application/json")) {
      throw garbled("is not Consul's");
    }
  }

  /** Returns whether Consul itself says that there is no such thing. */
  boolean isNotFound() {
    return status == 404 && text.contains("not found");
  }

  /** Returns whether what was to be removed is not there, as the several versions say it. */
  boolean saysGone() {
    return (status == 404 && !type.startsWith("text/html"))
        || (status == 500 && (text.contains("Unknown service") || text.contains("Unknown check")));
  }

  /** Returns whether a check could not be written since its service is gone. */
  boolean saysServiceless() {
    return (status == 404 || status == 500)
        && text.contains("ServiceID")
        && text.contains("does not exist");
  }

  /** Returns whether the agent as a whole has failed; health is told with such a status as well. */
  boolean saysBroken() {
    return status >= 500
        && kind() == Kind.BROKEN
        && !saysGone()
        && !saysServiceless()
        && !type.startsWith("application/json");
  }

  AgentException refusal() {
    String said = oneLine(text);
    return new AgentException(
        kind(), asked + ": " + status + (said.isEmpty() ? "" : " " + said), null);
  }

  /** Returns that this answer cannot be what was asked for. */
  AgentException garbled(String how) {
    return new AgentException(Kind.GARBLED, asked + ": the answer " + oneLine(how), null);
  }

  private Kind kind() {
    return switch (status) {
      case 401, 403 -> Kind.FORBIDDEN;
      case 408 -> Kind.TIMEOUT;
      case 429 -> Kind.OVERLOADED;
      case 404 -> Kind.GARBLED; // every path that we ask for exists in every Consul
      case 500 -> text.contains("Bad request") ? Kind.REFUSED : Kind.BROKEN;
      default -> status > 500 ? Kind.BROKEN : status >= 400 ? Kind.REFUSED : Kind.GARBLED;
    };
  }

  static String oneLine(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() <= MOST_TEXT ? line : line.substring(0, MOST_TEXT) + "…";
  }
}
