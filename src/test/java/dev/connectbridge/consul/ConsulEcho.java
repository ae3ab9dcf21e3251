package dev.connectbridge.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What agent/services and agent/checks answer after a body was registered; learnt from 1.8.7. */
final class ConsulEcho {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode services = JSON.objectNode();
  private final ObjectNode checks = JSON.objectNode();

  static ConsulEcho of(JsonNode body) {
    ConsulEcho echo = new ConsulEcho();
    echo.register(body);
    return echo;
  }

  ObjectNode services() {
    return reread(services);
  }

  ObjectNode checks() {
    return reread(checks);
  }

  void register(JsonNode body) {
    String id = body.get("ID").textValue();
    ObjectNode service = entry(body, id, body.get("Name").textValue());
    services.set(id, service);
    checks(id, body);
    JsonNode nested = body.path("Connect").path("SidecarService");
    if (nested.isObject()) {
      sidecar(id, body, (ObjectNode) nested.deepCopy());
    }
  }

  private void sidecar(String parent, JsonNode body, ObjectNode nested) {
    for (String inherited : new String[] {"Tags", "Meta", "Address"}) {
      if (nested.path(inherited).isMissingNode() && body.has(inherited)) {
        nested.set(inherited, body.get(inherited));
      }
    }
    String id = parent + "-sidecar-proxy";
    String name = body.get("Name").textValue();
    ObjectNode entry = entry(nested, id, name + "-sidecar-proxy");
    entry.put("Kind", "connect-proxy");
    ObjectNode proxy = JSON.objectNode();
    proxy.put("DestinationServiceName", name).put("DestinationServiceID", parent);
    proxy.put("LocalServiceAddress", "127.0.0.1");
    if (body.path("Port").asInt() > 0) {
      proxy.set("LocalServicePort", body.get("Port"));
    }
    if (nested.has("Proxy")) {
      proxy.setAll((ObjectNode) nested.get("Proxy").deepCopy());
    }
    if (proxy.has("Config")) {
      proxy.set("Config", doubles(proxy.get("Config")));
    }
    proxy.path("Upstreams").forEach(upstream -> upstream((ObjectNode) upstream));
    proxy.set("MeshGateway", JSON.objectNode());
    if (!proxy.has("Expose")) {
      proxy.set("Expose", JSON.objectNode());
    }
    entry.set("Proxy", proxy);
    services.set(id, entry);
    checks(id, nested);
  }

  private static void upstream(ObjectNode upstream) {
    if (!upstream.has("DestinationType")) {
      upstream.put("DestinationType", "service");
    }
    if (!upstream.has("MeshGateway")) {
      upstream.set("MeshGateway", JSON.objectNode());
    }
    if (upstream.has("Config")) {
      upstream.set("Config", doubles(upstream.get("Config")));
    }
  }

  private static ObjectNode entry(JsonNode body, String id, String name) {
    ObjectNode entry = JSON.objectNode();
    entry.put("ID", id).put("Service", name);
    entry.set("Tags", body.has("Tags") ? body.get("Tags") : JSON.arrayNode());
    entry.set("Meta", body.has("Meta") ? body.get("Meta") : JSON.objectNode());
    entry.put("Port", body.path("Port").asInt());
    entry.put("Address", body.path("Address").asText(""));
    ObjectNode tagged = entry.putObject("TaggedAddresses");
    if (body.path("Address").asText("").matches("[0-9.]+")) {
      for (String name4 : new String[] {"lan_ipv4", "wan_ipv4"}) {
        tagged
            .putObject(name4)
            .put("Address", body.get("Address").textValue())
            .put("Port", body.path("Port").asInt());
      }
    }
    if (body.has("TaggedAddresses")) {
      tagged.setAll((ObjectNode) body.get("TaggedAddresses"));
    }
    entry.putObject("Weights").put("Passing", 1).put("Warning", 1);
    if (body.has("Weights")) {
      entry.set("Weights", body.get("Weights"));
    }
    entry.put("EnableTagOverride", body.path("EnableTagOverride").asBoolean());
    return entry;
  }

  private void checks(String service, JsonNode body) {
    for (JsonNode check : body.path("Checks")) {
      String id = check.get("CheckID").textValue();
      ObjectNode held = checks.putObject(id);
      held.put("Node", "n1").put("CheckID", id).put("Name", check.get("Name").textValue());
      held.put("Status", "critical").put("ServiceID", service).putObject("Definition");
    }
  }

  private static JsonNode doubles(JsonNode node) {
    if (node.isNumber()) {
      return JSON.numberNode(node.doubleValue());
    }
    if (node instanceof ArrayNode array) {
      ArrayNode changed = JSON.arrayNode();
      array.forEach(item -> changed.add(doubles(item)));
      return changed;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode changed = JSON.objectNode();
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        changed.set(entry.getKey(), doubles(entry.getValue()));
      }
      return changed;
    }
    return node;
  }

  /** Goes through text, as the wire does. */
  private static ObjectNode reread(ObjectNode node) {
    try {
      return (ObjectNode) MAPPER.readTree(node.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
