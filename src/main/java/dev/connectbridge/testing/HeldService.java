package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** A service that an agent holds. */
final class HeldService {
  private final ObjectNode json;
  private final String token;
  private final boolean sidecar;
  private final Optional<String> poison;
  private Optional<String> text = Optional.empty();

  /**
   * Creates one.
   *
   * @param json as the agent's list shows it
   * @param token what it is synced with
   * @param sidecar whether it leaves with its service
   * @param poison why the servers will not take it
   */
  HeldService(ObjectNode json, String token, boolean sidecar, Optional<String> poison) {
    this.json = json;
    this.token = token;
    this.sidecar = sidecar;
    this.poison = poison;
  }

  String id() {
    return json.path("ID").asText();
  }

  String name() {
    return json.path("Service").asText();
  }

  int port() {
    return json.path("Port").asInt();
  }

  boolean isProxy() {
    return json.path("Kind").asText("").equals("connect-proxy");
  }

  ObjectNode json() {
    return json;
  }

  String token() {
    return token;
  }

  boolean isSidecar() {
    return sidecar;
  }

  Optional<String> poison() {
    return poison;
  }

  /** Returns it as the agent's list shows it. */
  String text() {
    if (text.isEmpty()) {
      text = Optional.of(json.toString());
    }
    return text.get();
  }

  String hash() {
    return "%016x".formatted(text().hashCode() * 0x9E3779B97F4A7C15L);
  }

  HeldService withTags(JsonNode tags) {
    ObjectNode changed = json.deepCopy();
    changed.set("Tags", tags);
    return new HeldService(changed, token, sidecar, poison);
  }

  HeldService asSidecar(boolean nowSidecar) {
    return new HeldService(json, token, nowSidecar, poison);
  }
}
