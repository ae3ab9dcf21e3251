package dev.connectbridge.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parent service with its sidecar and checks, brought into the one form in which two outputs can
 * be compared. The rules are those of the corpus' README, numbered as there.
 */
final class Unit {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern DURATION = Pattern.compile("([0-9.]+)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, Double> NANOS =
      Map.of("ns", 1d, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

  private Unit() {}

  /** Returns the units of a list of PUTs, sorted. */
  static List<JsonNode> of(Iterable<JsonNode> puts) {
    Map<String, ObjectNode> services = new TreeMap<>();
    List<ObjectNode> checks = new ArrayList<>();
    for (JsonNode put : puts) {
      String path = put.path("path").asText().replaceFirst("\\?.*", "");
      ObjectNode body = put.path("body").deepCopy();
      if (path.equals("/v1/agent/service/register")) {
        services.put(body.path("ID").asText(body.path("Name").asText()), body);
      } else if (path.equals("/v1/agent/check/register")) {
        checks.add(body);
      } else if (!path.startsWith("/v1/config")) {
        throw new IllegalArgumentException("a request of another kind: " + path);
      }
    }
    List<JsonNode> units = new ArrayList<>();
    services.forEach(
        (id, body) -> {
          if (!body.path("Kind").asText().equals("connect-proxy")) {
            units.add(unit(id, body, services.get(id + "-sidecar-proxy"), checks));
          }
        });
    units.sort((one, other) -> one.toString().compareTo(other.toString()));
    return units;
  }

  private static JsonNode unit(
      String id, ObjectNode parent, ObjectNode separate, List<ObjectNode> checks) {
    JsonNode nested = parent.path("Connect").path("SidecarService");
    ObjectNode unit = JSON.objectNode();
    ArrayNode own = checksOf(parent);
    checks.stream().filter(check -> check.path("ServiceID").asText().equals(id)).forEach(own::add);
    unit.set("checks", sorted(own));
    ObjectNode sidecar = separate;
    if (sidecar == null && nested.isObject()) {
      sidecar = completed(id, parent, nested.deepCopy());
    }
    if (sidecar != null) {
      unit.set("sidecar_checks", sorted(checksOf(sidecar)));
      sidecar.remove(List.of("Check", "Checks"));
      unit.set("sidecar", sidecar);
    }
    ObjectNode service = parent.deepCopy();
    service.remove(List.of("Check", "Checks"));
    if (service.path("Connect") instanceof ObjectNode connect) {
      connect.remove("SidecarService");
    }
    unit.set("service", service);
    String text = withoutMarks(unit).toString().replace(id, "$ID");
    try {
      return pruned(MAPPER.readTree(text));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Rule 3: a nested sidecar is completed as Consul does. */
  private static ObjectNode completed(String id, ObjectNode parent, ObjectNode sidecar) {
    sidecar.put("ID", id + "-sidecar-proxy");
    sidecar.put("Name", parent.path("Name").asText() + "-sidecar-proxy");
    sidecar.put("Kind", "connect-proxy");
    if (sidecar.path("Tags").isEmpty()) {
      sidecar.set("Tags", parent.path("Tags"));
    }
    if (sidecar.path("Meta").isEmpty()) {
      sidecar.set("Meta", parent.path("Meta"));
    }
    ObjectNode proxy = sidecar.withObject("/Proxy");
    proxy.put("DestinationServiceName", parent.path("Name").asText());
    proxy.put("DestinationServiceID", id);
    if (proxy.path("LocalServicePort").asInt() == 0) {
      proxy.put("LocalServicePort", parent.path("Port").asInt());
    }
    if (proxy.path("LocalServiceAddress").asText().equals("127.0.0.1")) {
      proxy.remove("LocalServiceAddress");
    }
    return sidecar;
  }

  /** Rule 4: checks are a multiset without their IDs. */
  private static ArrayNode checksOf(ObjectNode service) {
    ArrayNode checks = JSON.arrayNode();
    if (service.path("Check").isObject()) {
      checks.add(service.path("Check"));
    }
    service.path("Checks").forEach(checks::add);
    return checks;
  }

  private static ArrayNode sorted(ArrayNode checks) {
    List<JsonNode> plain = new ArrayList<>();
    for (JsonNode check : checks) {
      ObjectNode copy = check.deepCopy();
      copy.remove(List.of("CheckID", "ID", "ServiceID"));
      for (String key : List.of("Interval", "Timeout", "TTL")) {
        if (copy.path(key).isTextual()) {
          copy.put(key, nanos(copy.path(key).asText()));
        }
      }
      plain.add(pruned(copy));
    }
    plain.sort((one, other) -> one.toString().compareTo(other.toString()));
    return JSON.arrayNode().addAll(plain);
  }

  private static long nanos(String duration) {
    double nanos = 0;
    Matcher matcher = DURATION.matcher(duration);
    while (matcher.find()) {
      nanos += Double.parseDouble(matcher.group(1)) * NANOS.get(matcher.group(2));
    }
    return Math.round(nanos);
  }

  /** Rule 5. */
  private static ObjectNode withoutMarks(ObjectNode unit) {
    for (String part : List.of("service", "sidecar")) {
      if (unit.path(part).path("Meta") instanceof ObjectNode meta) {
        Iterator<String> keys = meta.fieldNames();
        while (keys.hasNext()) {
          String key = keys.next();
          if (key.equals("external-source") || key.startsWith("connect-bridge")) {
            keys.remove();
          }
        }
      }
    }
    return unit;
  }

  /** Rule 6: what says nothing is left out, and the keys stand in order. */
  static JsonNode pruned(JsonNode node) {
    if (node.isArray()) {
      ArrayNode items = JSON.arrayNode();
      node.forEach(item -> items.add(pruned(item)));
      return items;
    }
    if (!node.isObject()) {
      return node.isIntegralNumber() ? JSON.numberNode(node.asLong()) : node;
    }
    Map<String, JsonNode> members = new TreeMap<>();
    node.properties()
        .forEach(
            member -> {
              JsonNode value = pruned(member.getValue());
              if (!saysNothing(member.getKey(), value)) {
                members.put(member.getKey(), value);
              }
            });
    return JSON.objectNode().setAll(members);
  }

  private static boolean saysNothing(String key, JsonNode value) {
    boolean consulsDefault =
        (key.equals("DestinationType") && value.asText().equals("service"))
            || (key.equals("Weights")
                && value.path("Passing").asInt() == 1
                && value.path("Warning").asInt() == 1);
    return consulsDefault
        || value.isNull()
        || value.isMissingNode()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.asText().isEmpty())
        || (value.isNumber() && value.asDouble() == 0)
        || (value.isBoolean() && !value.asBoolean());
  }
}
