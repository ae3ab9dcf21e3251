package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.ServiceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The checks that the agent shows, by the entry that they belong to. */
final class CheckIndex {
  private final Map<String, List<Check>> byEntry = new HashMap<>();

  CheckIndex(JsonNode checks) {
    for (JsonNode check : checks) {
      byEntry
          .computeIfAbsent(check.path("ServiceID").asText(""), entry -> new ArrayList<>())
          .add(
              new Check(
                  check.path("CheckID").asText(""),
                  check.path("Name").asText(""),
                  Optional.empty()));
    }
  }

  /**
   * Returns the checks of an entry that are the service's own by their IDs; those that others
   * added, a maintenance mode among them, are not ours to see.
   */
  List<Check> of(String entry, ServiceId service) {
    return byEntry.getOrDefault(entry, List.of()).stream()
        .filter(check -> check.id().startsWith(service.check("")))
        .toList();
  }
}
