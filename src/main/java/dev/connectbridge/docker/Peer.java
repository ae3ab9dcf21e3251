package dev.connectbridge.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskException;

/**
 * Who answers at the engine's address.
 *
 * @param version what is spoken with it
 * @param losesWhatItFollows whether some of what a container has written is left out for whoever
 *     follows it to its end; Podman's service does that, and tells all of it to whoever asks again
 */
record Peer(ApiVersion version, boolean losesWhatItFollows) {

  static Peer of(JsonNode engine) throws TaskException {
    boolean isPodman = false;
    for (JsonNode component : engine.path("Components")) {
      isPodman |= component.path("Name").asText().startsWith("Podman");
    }
    return new Peer(ApiVersion.agreed(engine), isPodman);
  }
}
