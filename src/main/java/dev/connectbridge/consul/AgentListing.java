package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Observed.Orphan;
import dev.connectbridge.resolve.Observed.Written;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.ServiceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells the agent's entries apart: services of ours with their sidecars, orphans, strangers. */
final class AgentListing {

  /** The Kind of a sidecar. */
  static final String CONNECT_PROXY = "connect-proxy";

  private final SortedMap<String, JsonNode> entries = new TreeMap<>();
  private final CheckIndex checks;

  private AgentListing(JsonNode services, JsonNode checks) {
    services.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    this.checks = new CheckIndex(checks);
  }

  /** Returns what the answers of agent/services and agent/checks say, sorted by ID. */
  static Observed observed(JsonNode services, JsonNode checks) {
    return new AgentListing(services, checks).sorted();
  }

  private Observed sorted() {
    List<Registration> registrations = new ArrayList<>();
    List<Orphan> orphans = new ArrayList<>();
    List<Foreign> foreign = new ArrayList<>();
    for (Map.Entry<String, JsonNode> held : entries.entrySet()) {
      String id = held.getKey();
      JsonNode entry = held.getValue();
      if (isSidecarOfOurs(id)) {
        continue; // told with its service
      }
      if (isOurService(id)) {
        registrations.add(AgentJson.registration(id, entry, sidecarOf(id), checks));
      } else if (isMarked(id)) {
        orphans.add(new Orphan(id, name(entry), port(entry), marks(entry).orElseThrow()));
      } else {
        foreign.add(new Foreign(id, name(entry), port(entry), address(entry)));
      }
    }
    return new Observed(registrations, orphans, foreign).withWritten(written());
  }

  private List<Written> written() {
    List<Written> written = new ArrayList<>();
    entries.forEach(
        (id, entry) -> {
          SortedMap<String, String> meta = AgentJson.meta(entry);
          long epoch = Marks.epochIn(meta);
          if (epoch > 0) {
            Marks.in(meta).ifPresent(marks -> written.add(new Written(id, marks.owner(), epoch)));
          }
        });
    return written;
  }

  private boolean isSidecarOfOurs(String id) {
    return id.endsWith(ServiceId.SIDECAR_SUFFIX)
        && isOurService(id.substring(0, id.length() - ServiceId.SIDECAR_SUFFIX.length()));
  }

  private boolean isOurService(String id) {
    return isMarked(id) && !isLeftSidecar(id);
  }

  private boolean isMarked(String id) {
    JsonNode entry = entries.get(id);
    return entry != null && ServiceId.looksOurs(id) && marks(entry).isPresent();
  }

  private boolean isLeftSidecar(String id) {
    return id.endsWith(ServiceId.SIDECAR_SUFFIX)
        && entries.get(id).path("Kind").asText("").equals(CONNECT_PROXY);
  }

  private Optional<JsonNode> sidecarOf(String id) {
    return Optional.ofNullable(entries.get(id + ServiceId.SIDECAR_SUFFIX));
  }

  private static Optional<Marks> marks(JsonNode entry) {
    return Marks.in(AgentJson.meta(entry));
  }

  private static String name(JsonNode entry) {
    return entry.path("Service").asText("");
  }

  private static String address(JsonNode entry) {
    return entry.path("Address").asText("");
  }

  private static int port(JsonNode entry) {
    return entry.path("Port").asInt();
  }
}
