package dev.connectbridge.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.Value;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Writes a job in the notation that is HCL in JSON, key by key as the shapes have them. */
final class HclJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keys that reach the model under another name than their own. */
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          Map.entry("JobSpec.group", "groups"),
          Map.entry("GroupSpec.network", "networks"),
          Map.entry("GroupSpec.service", "services"),
          Map.entry("GroupSpec.task", "tasks"),
          Map.entry("Network.port", "ports"),
          Map.entry("Port.static", "fixed"),
          Map.entry("Resources.cpu", "cpuMhz"),
          Map.entry("Resources.memory", "memoryMb"),
          Map.entry("Resources.memory_max", "memoryMaxMb"),
          Map.entry("Logs.max_file_size", "maxFileSizeMb"),
          Map.entry("ServiceSpec.port", "portLabel"),
          Map.entry("ServiceSpec.check", "checks"),
          Map.entry("Check.port", "portLabel"),
          Map.entry("Check.check_restart", "restart"),
          Map.entry("ConnectSpec.sidecar_service", "sidecar"),
          Map.entry("ConnectSpec.native", "isNative"),
          Map.entry("Sidecar.port", "portLabel"),
          Map.entry("Proxy.transparent_proxy", "transparent"),
          Map.entry("Proxy.envoy_gateway_bind_tagged_addresses", "bindTaggedAddresses"),
          Map.entry("Proxy.envoy_gateway_bind_addresses", "bindAddresses"),
          Map.entry("Proxy.envoy_gateway_no_default_bind", "noDefaultBind"),
          Map.entry("Proxy.envoy_dns_discovery_type", "dnsDiscoveryType"),
          Map.entry("Ingress.tls", "tls"),
          Map.entry("IngressService.tls", "tls"),
          Map.entry("Tls.tls_min_version", "tlsMinVersion"),
          Map.entry("Tls.tls_max_version", "tlsMaxVersion"),
          Map.entry("Ingress.listener", "listeners"),
          Map.entry("Listener.service", "services"),
          Map.entry("Terminating.service", "services"));

  /** Keys that are read, perhaps checked, and then no part of the model. */
  private static final Set<String> UNMODELLED =
      Set.of(
          "JobSpec.consul",
          "JobSpec.type",
          "Port.ignore_collision",
          "Resources.disk",
          "GroupSpec.consul",
          "TaskSpec.service",
          "ServiceSpec.check_restart",
          "ServiceSpec.provider",
          "ServiceSpec.identity",
          "Check.notes",
          "Check.on_update",
          "SidecarTask.volume_mount",
          "SidecarTask.identity");

  private HclJson() {}

  static String of(JobSpec job) {
    ObjectNode file = JSON.createObjectNode();
    file.putObject("job").set(job.id(), block(JobShapes.JOB, job));
    return file.toPrettyString();
  }

  private static ObjectNode block(Shape shape, Record record) {
    ObjectNode block = JSON.createObjectNode();
    for (Key key : shape.keys()) {
      String name = record.getClass().getSimpleName() + "." + key.name();
      if (Stream.of(Mark.IGNORED, Mark.LATER, Mark.API_ONLY).noneMatch(key::is)
          && !UNMODELLED.contains(name)) {
        written(key, value(record, key, name)).ifPresent(node -> block.set(key.name(), node));
      }
    }
    return block;
  }

  private static Object value(Record record, Key key, String name) {
    if (record instanceof ServiceSpec service && key.name().startsWith("canary_")) {
      return component(service.canary(), key.name().substring("canary_".length()));
    }
    if (record instanceof ServiceSpec.Check check
        && Set.of("command", "args", "task").contains(key.name())) {
      return component(check.script(), key.name());
    }
    return switch (name) {
      case "GroupSpec.ephemeral_disk" ->
          JSON.createObjectNode().put("size", (int) component(record, "ephemeralDiskMb"));
      case "Upstream.mesh_gateway" ->
          JSON.createObjectNode().put("mode", (String) component(record, "meshGatewayMode"));
      case "GatewaySpec.mesh" ->
          (boolean) component(record, "mesh")
              ? Optional.of(JSON.createObjectNode())
              : Optional.empty();
      case "Proxy.expose" -> exposed((List<?>) component(record, "expose"));
      default -> component(record, RENAMED.getOrDefault(name, camel(key.name())));
    };
  }

  private static ObjectNode exposed(List<?> paths) {
    ObjectNode expose = JSON.createObjectNode();
    ArrayNode list = expose.putArray("path");
    paths.forEach(path -> list.add(block(ServiceShapes.EXPOSED_PATH, (Record) path)));
    return expose;
  }

  private static String camel(String name) {
    String camel = Spelling.camel(name);
    String regular = camel.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + camel.substring(1);
    return regular.replace("TLS", "Tls").replace("GRPC", "Grpc").replace("TCP", "Tcp");
  }

  private static Object component(Record record, String name) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getName().equals(name)) {
        try {
          component.getAccessor().setAccessible(true);
          return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    throw new IllegalStateException(record.getClass() + " has no " + name);
  }

  private static Optional<JsonNode> written(Key key, Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.flatMap(inner -> written(key, inner));
    }
    if (value instanceof OptionalInt number) {
      return number.isPresent()
          ? Optional.of(JSON.valueToTree(number.getAsInt()))
          : Optional.empty();
    }
    if (value instanceof Duration duration) {
      return Optional.of(JSON.valueToTree(duration.toNanos() + "ns"));
    }
    if (value instanceof JsonNode node) {
      return Optional.of(node);
    }
    if (value instanceof Record record && !(value instanceof Value)) {
      return Optional.of(block(key.inside().orElseThrow(), record));
    }
    if (value instanceof List<?> list) {
      return list.isEmpty() ? Optional.empty() : Optional.of(list(key, list));
    }
    if (value instanceof Map<?, ?> map) {
      return map.isEmpty() ? Optional.empty() : Optional.of(map(key, map));
    }
    return value.equals("") ? Optional.empty() : Optional.of(JSON.valueToTree(value));
  }

  private static JsonNode list(Key key, List<?> list) {
    ArrayNode items = JSON.createArrayNode();
    for (Object item : list) {
      if (item instanceof Record record && key.kind().isBlock()) {
        Shape shape = key.inside().orElseThrow();
        ObjectNode block = block(shape, record);
        items.add(shape.isLabelled() ? JSON.createObjectNode().set(label(record), block) : block);
      } else {
        items.add(JSON.<JsonNode>valueToTree(item));
      }
    }
    return items;
  }

  private static String label(Record record) {
    return (String)
        component(record, record.getClass().getSimpleName().equals("Port") ? "label" : "name");
  }

  private static JsonNode map(Key key, Map<?, ?> map) {
    ObjectNode members = JSON.createObjectNode();
    map.forEach(
        (name, member) -> {
          JsonNode node;
          if (member instanceof Value value) {
            node = tree(value);
          } else if (member instanceof Record record) {
            node = block(key.inside().orElseThrow(), record);
          } else {
            node = JSON.valueToTree(member);
          }
          members.set((String) name, node);
        });
    return members;
  }

  private static JsonNode tree(Value value) {
    if (value instanceof Value.Entries entries) {
      ObjectNode node = JSON.createObjectNode();
      entries.entries().forEach((key, entry) -> node.set(key, tree(entry)));
      return node;
    }
    if (value instanceof Value.Items items) {
      ArrayNode node = JSON.createArrayNode();
      items.items().forEach(item -> node.add(tree(item)));
      return node;
    }
    if (value instanceof Value.Num num) {
      return JSON.getNodeFactory().numberNode(num.number());
    }
    if (value instanceof Value.Bool flag) {
      return JSON.getNodeFactory().booleanNode(flag.flag());
    }
    return value instanceof Value.Text text
        ? JSON.getNodeFactory().textNode(text.text())
        : JSON.nullNode();
  }
}
