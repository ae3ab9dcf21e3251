package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

/** What a registration becomes: the entry as it is shown, and its nested sidecar beside it. */
final class Expansion {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  private Expansion() {}

  /** Returns a service as the agent shows it. */
  static ObjectNode shown(ObjectNode said) {
    ObjectNode shown = NODES.objectNode();
    String kind = said.path("Kind").asText("");
    if (!kind.isEmpty()) {
      shown.put("Kind", kind);
    }
    String name = said.path("Name").asText();
    String id = said.path("ID").asText("");
    shown.put("ID", id.isEmpty() ? name : id).put("Service", name);
    shown.set("Tags", said.has("Tags") ? said.get("Tags") : NODES.arrayNode());
    shown.set("Meta", said.has("Meta") ? said.get("Meta") : NODES.objectNode());
    shown.put("Port", said.path("Port").asInt()).put("Address", said.path("Address").asText(""));
    ObjectNode tagged = tagged(said);
    if (!tagged.isEmpty()) {
      shown.set("TaggedAddresses", tagged);
    }
    boolean weighed = said.has("Weights");
    shown
        .putObject("Weights")
        .put("Passing", weighed ? said.path("Weights").path("Passing").asInt() : 1)
        .put("Warning", weighed ? said.path("Weights").path("Warning").asInt() : 1);
    shown.put("EnableTagOverride", said.path("EnableTagOverride").asBoolean());
    if (!kind.isEmpty()) {
      shown.set("Proxy", proxy(said.path("Proxy")));
    }
    if (said.path("Connect").path("Native").asBoolean()) {
      shown.putObject("Connect").put("Native", true);
    }
    return shown;
  }

  private static ObjectNode tagged(ObjectNode said) {
    ObjectNode tagged = NODES.objectNode();
    said.path("TaggedAddresses")
        .properties()
        .forEach(
            one ->
                tagged
                    .putObject(one.getKey())
                    .put("Address", one.getValue().path("Address").asText(""))
                    .put("Port", one.getValue().path("Port").asInt()));
    String address = said.path("Address").asText("");
    Optional<String> family =
        IPV4.matcher(address).matches()
            ? Optional.of("ipv4")
            : IPV6.matcher(address).matches() ? Optional.of("ipv6") : Optional.empty();
    family.ifPresent(
        suffix ->
            List.of("lan_" + suffix, "wan_" + suffix).stream()
                .filter(key -> !tagged.has(key))
                .forEach(
                    key ->
                        tagged
                            .putObject(key)
                            .put("Address", address)
                            .put("Port", said.path("Port").asInt())));
    return tagged;
  }

  private static ObjectNode proxy(JsonNode said) {
    ObjectNode shown = NODES.objectNode();
    for (String field :
        List.of("Mode", "DestinationServiceName", "DestinationServiceID", "LocalServiceAddress")) {
      String text = said.path(field).asText("");
      if (!text.isEmpty()) {
        shown.put(field, text);
      }
    }
    if (said.path("LocalServicePort").asInt() != 0) {
      shown.put("LocalServicePort", said.path("LocalServicePort").asInt());
    }
    if (!said.path("Config").isEmpty()) {
      shown.set("Config", GoNumbers.asFloats(said.get("Config")));
    }
    if (!said.path("Upstreams").isEmpty()) {
      var upstreams = shown.putArray("Upstreams");
      said.path("Upstreams").forEach(upstream -> upstreams.add(upstream(upstream)));
    }
    shown.set(
        "MeshGateway", said.has("MeshGateway") ? said.get("MeshGateway") : NODES.objectNode());
    shown.set("Expose", expose(said.path("Expose")));
    return shown;
  }

  private static ObjectNode upstream(JsonNode said) {
    ObjectNode shown = NODES.objectNode();
    String type = said.path("DestinationType").asText("");
    shown.put("DestinationType", type.isEmpty() ? "service" : type);
    said.properties().stream()
        .filter(field -> !field.getKey().equals("DestinationType"))
        .filter(field -> !field.getValue().isTextual() || !field.getValue().asText().isEmpty())
        .filter(field -> !field.getValue().isNumber() || field.getValue().asLong() != 0)
        .forEach(field -> shown.set(field.getKey(), field.getValue()));
    if (shown.has("Config")) {
      shown.set("Config", GoNumbers.asFloats(shown.get("Config")));
    }
    if (!shown.has("MeshGateway")) {
      shown.putObject("MeshGateway");
    }
    return shown;
  }

  private static ObjectNode expose(JsonNode said) {
    ObjectNode shown = NODES.objectNode();
    if (said.path("Checks").asBoolean()) {
      shown.put("Checks", true);
    }
    if (!said.path("Paths").isEmpty()) {
      var paths = shown.putArray("Paths");
      said.path("Paths")
          .forEach(path -> paths.add(((ObjectNode) path.deepCopy()).put("ParsedFromCheck", false)));
    }
    return shown;
  }

  /** Returns the nested sidecar as if it had been said by itself; what it inherits is in it. */
  static Optional<ObjectNode> sidecar(ObjectNode parent, IntSupplier freePort) {
    JsonNode nested = parent.path("Connect").path("SidecarService");
    if (!nested.isObject()) {
      return Optional.empty();
    }
    ObjectNode said = nested.deepCopy();
    String name = parent.path("Name").asText();
    String id = parent.path("ID").asText("").isEmpty() ? name : parent.path("ID").asText();
    said.put("ID", id + "-sidecar-proxy");
    fill(said, "Name", name + "-sidecar-proxy");
    fill(said, "Kind", "connect-proxy");
    for (String inherited : List.of("Tags", "Meta", "Address")) {
      boolean absent = said.path(inherited).isEmpty() && said.path(inherited).asText("").isEmpty();
      if (absent && parent.has(inherited)) {
        said.set(inherited, parent.get(inherited));
      }
    }
    ObjectNode proxy = said.withObject("/Proxy");
    fill(proxy, "DestinationServiceName", name);
    fill(proxy, "DestinationServiceID", id);
    fill(proxy, "LocalServiceAddress", "127.0.0.1");
    if (proxy.path("LocalServicePort").asInt() == 0) {
      proxy.put("LocalServicePort", parent.path("Port").asInt());
    }
    Rules.metadata(said)
        .ifPresent(
            why -> {
              throw new Refused(500, "Bad request: Invalid SidecarService: " + why);
            });
    refuseChecks(said);
    if (said.path("Port").asInt() == 0) {
      said.put("Port", freePort.getAsInt());
    }
    if (Rules.checksOf(said).isEmpty()) {
      defaultChecks(said, id);
    }
    return Optional.of(said);
  }

  private static void refuseChecks(ObjectNode said) {
    for (JsonNode check : Rules.checksOf(said)) {
      Rules.probe(check)
          .ifPresent(
              why -> {
                throw new Refused(500, "Bad request: Invalid check in sidecar_service: " + why);
              });
    }
  }

  private static void fill(ObjectNode said, String field, String text) {
    if (said.path(field).asText("").isEmpty()) {
      said.put(field, text);
    }
  }

  private static void defaultChecks(ObjectNode said, String id) {
    String address = said.path("Address").asText("");
    String host = address.isEmpty() ? "127.0.0.1" : address;
    var checks = said.putArray("Checks");
    checks
        .addObject()
        .put("Name", "Connect Sidecar Listening")
        .put("TCP", host + ":" + said.path("Port").asInt())
        .put("Interval", 10_000_000_000L);
    checks.addObject().put("Name", "Connect Sidecar Aliasing " + id).put("AliasService", id);
  }

  /** Returns why the servers will not take an entry that the agent has taken. */
  static Optional<String> poison(ObjectNode said) {
    String kind = said.path("Kind").asText("");
    List<String> errors = new ArrayList<>();
    if (kind.equals("connect-proxy")) {
      errors.addAll(Rules.proxy(said));
    } else if (kind.equals("mesh-gateway") && said.path("Port").asInt() == 0) {
      errors.add("Port must be non-zero for a mesh gateway");
    }
    if (List.of("0.0.0.0", "::", "[::]").contains(said.path("Address").asText(""))) {
      errors.add("Invalid service address");
    }
    return errors.isEmpty() ? Optional.empty() : Optional.of(Rules.together(errors));
  }
}
