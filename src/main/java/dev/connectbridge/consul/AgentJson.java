package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.ExposedPath;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Role;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.TaggedAddress;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.resolve.Registration.Weights;
import dev.connectbridge.resolve.ServiceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A registration as the agent shows it. What Consul fills in by itself is undone here, and only
 * here.
 */
final class AgentJson {

  /** The marks of a sidecar that lost its own: equal to no marks that anybody wants. */
  private static final Marks NO_MARKS = new Marks("", "", "", "", "");

  /** The names under which Consul adds a service's own address. */
  private static final Set<String> CONSULS_TAGS =
      Set.of("lan_ipv4", "lan_ipv6", "wan_ipv4", "wan_ipv6");

  /** Where a proxy and its application meet unless something else is said. */
  static final String LOOPBACK = "127.0.0.1";

  /** What an upstream is unless something else is said. */
  static final String SERVICE = "service";

  private AgentJson() {}

  /**
   * Returns the registration that the agent's entries show. Where an entry was changed in something
   * that we never write, its hash is emptied: then it differs from every wanted one, and is
   * written; but for what the cluster itself may lay over a proxy.
   */
  static Registration registration(
      String id, JsonNode entry, Optional<JsonNode> sidecar, CheckIndex checks) {
    ServiceId ours = new ServiceId(id);
    Marks marks = Marks.in(meta(entry)).orElse(NO_MARKS);
    return new Registration(
        ours,
        entry.path("Service").asText(""),
        texts(entry.path("Tags")),
        entry.path("EnableTagOverride").asBoolean(),
        entry.path("Address").asText(""),
        entry.path("Port").asInt(),
        taggedAddresses(entry),
        weights(entry),
        Marks.without(meta(entry)),
        marks,
        checks.of(id, ours),
        role(entry),
        sidecar.map(held -> sidecar(ours, entry, held, checks)));
  }

  private static Sidecar sidecar(
      ServiceId parent, JsonNode parentEntry, JsonNode entry, CheckIndex checks) {
    Marks marks = Marks.in(meta(entry)).orElse(NO_MARKS);
    return new Sidecar(
        texts(entry.path("Tags")),
        entry.path("Address").asText(""),
        entry.path("Port").asInt(),
        Marks.without(meta(entry)),
        isAsNested(parent, parentEntry, entry) ? marks : marks.withHash(""),
        proxy(entry.path("Proxy")),
        checks.of(parent.sidecar(), parent));
  }

  /** Consul adds the address itself under names of its own. */
  private static SortedMap<String, TaggedAddress> taggedAddresses(JsonNode entry) {
    SortedMap<String, TaggedAddress> addresses = new TreeMap<>();
    for (Map.Entry<String, JsonNode> tagged : entry.path("TaggedAddresses").properties()) {
      TaggedAddress held =
          new TaggedAddress(
              tagged.getValue().path("Address").asText(""), tagged.getValue().path("Port").asInt());
      TaggedAddress own =
          new TaggedAddress(entry.path("Address").asText(""), entry.path("Port").asInt());
      if (!CONSULS_TAGS.contains(tagged.getKey()) || !held.equals(own)) {
        addresses.put(tagged.getKey(), held);
      }
    }
    return addresses;
  }

  private static Weights weights(JsonNode entry) {
    JsonNode weights = entry.path("Weights");
    return new Weights(weights.path("Passing").asInt(1), weights.path("Warning").asInt(1));
  }

  private static Role role(JsonNode entry) {
    return new Role(
        entry.path("Kind").asText(""),
        entry.path("Connect").path("Native").asBoolean(),
        ValueJson.config(entry.path("Proxy").path("Config")));
  }

  private static boolean isAsNested(ServiceId parent, JsonNode parentEntry, JsonNode entry) {
    String name = parentEntry.path("Service").asText("");
    JsonNode proxy = entry.path("Proxy");
    return entry.path("Kind").asText("").equals(AgentListing.CONNECT_PROXY)
        && entry.path("Service").asText("").equals(name + ServiceId.SIDECAR_SUFFIX)
        && proxy.path("DestinationServiceName").asText("").equals(name)
        && proxy.path("DestinationServiceID").asText("").equals(parent.value())
        && !entry.path("EnableTagOverride").asBoolean()
        && weights(entry).equals(Weights.CONSULS);
  }

  private static Proxy proxy(JsonNode held) {
    List<Upstream> upstreams = new ArrayList<>();
    held.path("Upstreams").forEach(upstream -> upstreams.add(upstream(upstream)));
    return new Proxy(
        orElse(LOOPBACK, held.path("LocalServiceAddress")),
        held.path("LocalServicePort").asInt(),
        ValueJson.config(held.path("Config")),
        held.path("Mode").asText("").equals("transparent") ? "transparent" : "",
        exposed(held.path("Expose").path("Paths")),
        upstreams);
  }

  private static List<ExposedPath> exposed(JsonNode held) {
    List<ExposedPath> paths = new ArrayList<>();
    held.forEach(
        path ->
            paths.add(
                new ExposedPath(
                    path.path("Path").asText(""),
                    path.path("Protocol").asText(""),
                    path.path("LocalPathPort").asInt(),
                    path.path("ListenerPort").asInt())));
    return paths;
  }

  private static Upstream upstream(JsonNode held) {
    return new Upstream(
        held.path("DestinationName").asText(""),
        held.path("DestinationNamespace").asText(""),
        held.path("DestinationPartition").asText(""),
        held.path("DestinationPeer").asText(""),
        orElse(SERVICE, held.path("DestinationType")),
        held.path("Datacenter").asText(""),
        orElse(LOOPBACK, held.path("LocalBindAddress")),
        held.path("LocalBindPort").asInt(),
        held.path("LocalBindSocketPath").asText(""),
        held.path("LocalBindSocketMode").asText(""),
        held.path("MeshGateway").path("Mode").asText(""),
        ValueJson.config(held.path("Config")));
  }

  /** Returns an entry's whole Meta, marks included. */
  static SortedMap<String, String> meta(JsonNode entry) {
    SortedMap<String, String> meta = new TreeMap<>();
    for (Map.Entry<String, JsonNode> pair : entry.path("Meta").properties()) {
      meta.put(pair.getKey(), pair.getValue().asText(""));
    }
    return meta;
  }

  private static List<String> texts(JsonNode held) {
    List<String> texts = new ArrayList<>();
    held.forEach(text -> texts.add(text.asText("")));
    return texts;
  }

  private static String orElse(String filledIn, JsonNode held) {
    return held.asText("").isEmpty() ? filledIn : held.asText("");
  }
}
