package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.ExposedPath;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Role;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.TaggedAddress;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.resolve.Registration.Weights;
import dev.connectbridge.resolve.ServiceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A registration as the agent is told it and as the agent shows it. What Consul fills in by itself
 * is undone here, and only here. Empty fields are not sent: a Consul that does not know one refuses
 * the whole body.
 */
final class AgentJson {

  /** The marks of a sidecar that lost its own: equal to no marks that anybody wants. */
  private static final Marks NO_MARKS = new Marks("", "", "", "", "");

  /** The names under which Consul adds a service's own address. */
  private static final Set<String> CONSULS_TAGS =
      Set.of("lan_ipv4", "lan_ipv6", "wan_ipv4", "wan_ipv6");

  private static final String LOOPBACK = "127.0.0.1";
  private static final String SERVICE = "service";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AgentJson() {}

  /** Returns the body of the request that registers a service with its nested sidecar. */
  static ObjectNode body(Registration wanted) {
    ObjectNode body = JSON.objectNode();
    text(body, "Kind", wanted.role().kind());
    text(body, "ID", wanted.id().value());
    text(body, "Name", wanted.name());
    texts(body, "Tags", wanted.tags());
    flag(body, "EnableTagOverride", wanted.enableTagOverride());
    text(body, "Address", wanted.address());
    number(body, "Port", wanted.port());
    ObjectNode tagged = JSON.objectNode();
    wanted
        .taggedAddresses()
        .forEach(
            (name, at) ->
                tagged.putObject(name).put("Address", at.address()).put("Port", at.port()));
    object(body, "TaggedAddresses", tagged);
    if (!wanted.weights().equals(Weights.CONSULS)) {
      body.putObject("Weights")
          .put("Passing", wanted.weights().passing())
          .put("Warning", wanted.weights().warning());
    }
    meta(body, wanted.marks().over(wanted.meta()));
    checks(body, wanted.checks());
    if (!wanted.role().config().isEmpty()) {
      body.putObject("Proxy").set("Config", ValueJson.of(wanted.role().config()));
    }
    if (wanted.role().isNative()) {
      body.putObject("Connect").put("Native", true);
    }
    wanted
        .sidecar()
        .ifPresent(sidecar -> body.putObject("Connect").set("SidecarService", sidecar(sidecar)));
    return body;
  }

  private static ObjectNode sidecar(Sidecar wanted) {
    ObjectNode body = JSON.objectNode();
    number(body, "Port", wanted.port());
    text(body, "Address", wanted.address());
    texts(body, "Tags", wanted.tags());
    meta(body, wanted.marks().over(wanted.meta()));
    checks(body, wanted.checks());
    object(body, "Proxy", proxy(wanted.proxy()));
    return body;
  }

  private static ObjectNode proxy(Proxy wanted) {
    ObjectNode body = JSON.objectNode();
    text(body, "Mode", wanted.mode());
    text(body, "LocalServiceAddress", unless(LOOPBACK, wanted.localServiceAddress()));
    number(body, "LocalServicePort", wanted.localServicePort());
    object(body, "Config", ValueJson.of(wanted.config()));
    if (!wanted.expose().isEmpty()) {
      ArrayNode paths = body.putObject("Expose").putArray("Paths");
      wanted.expose().forEach(path -> paths.add(exposed(path)));
    }
    list(body, "Upstreams", wanted.upstreams().stream().map(AgentJson::upstream).toList());
    return body;
  }

  private static ObjectNode exposed(ExposedPath wanted) {
    ObjectNode body = JSON.objectNode();
    text(body, "Path", wanted.path());
    text(body, "Protocol", wanted.protocol());
    number(body, "LocalPathPort", wanted.localPathPort());
    number(body, "ListenerPort", wanted.listenerPort());
    return body;
  }

  private static ObjectNode upstream(Upstream wanted) {
    ObjectNode body = JSON.objectNode();
    text(body, "DestinationType", unless(SERVICE, wanted.destinationType()));
    text(body, "DestinationName", wanted.destinationName());
    text(body, "DestinationNamespace", wanted.destinationNamespace());
    text(body, "DestinationPartition", wanted.destinationPartition());
    text(body, "DestinationPeer", wanted.destinationPeer());
    text(body, "Datacenter", wanted.datacenter());
    text(body, "LocalBindAddress", unless(LOOPBACK, wanted.localBindAddress()));
    number(body, "LocalBindPort", wanted.localBindPort());
    text(body, "LocalBindSocketPath", wanted.localBindSocketPath());
    text(body, "LocalBindSocketMode", wanted.localBindSocketMode());
    ObjectNode gateway = JSON.objectNode();
    text(gateway, "Mode", wanted.meshGatewayMode());
    object(body, "MeshGateway", gateway);
    object(body, "Config", ValueJson.of(wanted.config()));
    return body;
  }

  private static void checks(ObjectNode body, List<Check> wanted) {
    list(body, "Checks", wanted.stream().map(AgentJson::check).toList());
  }

  private static ObjectNode check(Check wanted) {
    ObjectNode body = JSON.objectNode();
    text(body, "CheckID", wanted.id());
    text(body, "Name", wanted.name());
    wanted.probe().ifPresent(probe -> probe(body, probe));
    return body;
  }

  private static void probe(ObjectNode body, Probe wanted) {
    String target =
        switch (wanted.kind()) {
          case HTTP -> "HTTP";
          case TCP -> "TCP";
          case GRPC -> "GRPC";
          case ALIAS -> "AliasService";
          case TTL -> "";
        };
    text(body, target, wanted.target());
    time(body, target.isEmpty() ? "TTL" : "Interval", wanted.interval());
    time(body, "Timeout", wanted.timeout());
    text(body, "Method", wanted.method());
    ObjectNode header = JSON.objectNode();
    wanted.header().forEach((name, values) -> texts(header, name, values));
    object(body, "Header", header);
    text(body, "Body", wanted.body());
    text(body, "Status", wanted.initialStatus());
    flag(body, "TLSSkipVerify", wanted.tlsSkipVerify());
    text(body, "TLSServerName", wanted.tlsServerName());
    flag(body, "GRPCUseTLS", wanted.grpcUseTls());
    number(body, "SuccessBeforePassing", wanted.successBeforePassing());
    number(body, "FailuresBeforeCritical", wanted.failuresBeforeCritical());
    number(body, "FailuresBeforeWarning", wanted.failuresBeforeWarning());
  }

  /**
   * Returns the registration that the agent's entries show. Where an entry was changed in something
   * that we never write, its hash is emptied: then it differs from every wanted one, and is
   * written.
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
        && proxy.path("MeshGateway").path("Mode").asText("").isEmpty()
        && !proxy.path("Expose").path("Checks").asBoolean()
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

  private static String unless(String filledIn, String text) {
    return text.equals(filledIn) ? "" : text;
  }

  private static void text(ObjectNode body, String name, String text) {
    if (!text.isEmpty()) {
      body.put(name, text);
    }
  }

  private static void number(ObjectNode body, String name, int number) {
    if (number != 0) {
      body.put(name, number);
    }
  }

  private static void flag(ObjectNode body, String name, boolean flag) {
    if (flag) {
      body.put(name, true);
    }
  }

  private static void time(ObjectNode body, String name, Duration time) {
    if (!time.isZero()) {
      body.put(name, GoDuration.of(time));
    }
  }

  private static void texts(ObjectNode body, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode list = body.putArray(name);
      texts.forEach(list::add);
    }
  }

  private static void meta(ObjectNode body, Map<String, String> meta) {
    ObjectNode pairs = body.putObject("Meta");
    meta.forEach(pairs::put);
  }

  private static void object(ObjectNode body, String name, ObjectNode object) {
    if (!object.isEmpty()) {
      body.set(name, object);
    }
  }

  private static void list(ObjectNode body, String name, List<ObjectNode> list) {
    if (!list.isEmpty()) {
      body.putArray(name).addAll(list);
    }
  }
}
