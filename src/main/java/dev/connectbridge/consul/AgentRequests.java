package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Registration;

/** The requests that would be sent, without sending them. */
public final class AgentRequests {

  /** The path of every registration. */
  public static final String REGISTER = "/v1/agent/service/register";

  /** The path of every configuration entry. */
  public static final String CONFIG = "/v1/config";

  private AgentRequests() {}

  /** Returns the PUT that registers a service with its sidecar. */
  public static Put register(Registration registration) {
    return register(registration, 0);
  }

  /**
   * Returns the same PUT, which says which of its owner's writers it comes from; 0 says nothing.
   */
  public static Put register(Registration registration, long epoch) {
    return new Put(REGISTER, RegistrationBody.of(registration, epoch));
  }

  /** Returns the PUT that writes a configuration entry. */
  public static Put configEntry(ConfigEntry entry) {
    return new Put(CONFIG, ConfigEntryJson.body(entry));
  }

  /**
   * A PUT to the agent.
   *
   * @param path where to
   * @param body its JSON, exactly as it would be sent
   */
  public record Put(String path, JsonNode body) {}
}
