package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.resolve.Registration;

/** The requests that would be sent, without sending them. */
public final class AgentRequests {

  /** The path of every registration. */
  public static final String REGISTER = "/v1/agent/service/register";

  private AgentRequests() {}

  /** Returns the PUT that registers a service with its sidecar. */
  public static Put register(Registration registration) {
    return new Put(REGISTER, AgentJson.body(registration));
  }

  /**
   * A PUT to the agent.
   *
   * @param path where to
   * @param body its JSON, exactly as it would be sent
   */
  public record Put(String path, JsonNode body) {}
}
