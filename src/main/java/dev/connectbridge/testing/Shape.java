package dev.connectbridge.testing;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a field of a body may hold, and by which name Go's types know it: the words that Consul
 * 1.8.7 takes, and those that newer ones brought.
 */
final class Shape {
  static final Shape TEXT = new Shape("string");
  static final Shape NUMBER = new Shape("int");
  static final Shape FLAG = new Shape("bool");
  static final Shape TIME = new Shape("time.Duration");
  static final Shape ANYTHING = new Shape("interface {}");
  static final Shape TEXTS = listOf(TEXT);
  static final Shape PAIRS = mapOf(TEXT);

  private static final Shape WEIGHTS =
      struct("structs.Weights", Map.of("Passing", NUMBER, "Warning", NUMBER));
  private static final Shape ADDRESSES =
      mapOf(struct("structs.ServiceAddress", Map.of("Address", TEXT, "Port", NUMBER)));
  private static final Shape GATEWAY = struct("structs.MeshGatewayConfig", Map.of("Mode", TEXT));
  private static final Map<String, Shape> UPSTREAM =
      Map.of(
          "DestinationType", TEXT,
          "DestinationNamespace", TEXT,
          "DestinationName", TEXT,
          "Datacenter", TEXT,
          "LocalBindAddress", TEXT,
          "LocalBindPort", NUMBER,
          "Config", ANYTHING,
          "MeshGateway", GATEWAY);
  private static final Map<String, Shape> NEWER_UPSTREAM =
      Map.of(
          "LocalBindSocketPath", TEXT,
          "LocalBindSocketMode", TEXT,
          "DestinationPartition", TEXT,
          "DestinationPeer", TEXT,
          "IngressHosts", TEXTS);
  private static final Shape EXPOSED =
      struct(
          "structs.ExposePath",
          Map.of(
              "Path", TEXT,
              "Protocol", TEXT,
              "LocalPathPort", NUMBER,
              "ListenerPort", NUMBER));
  private static final Shape EXPOSE =
      struct("structs.ExposeConfig", Map.of("Checks", FLAG, "Paths", listOf(EXPOSED)));
  private static final Map<String, Shape> CHECK =
      Map.ofEntries(
          entry("CheckID", TEXT),
          entry("Name", TEXT),
          entry("Status", TEXT),
          entry("Notes", TEXT),
          entry("ServiceID", TEXT),
          entry("AliasNode", TEXT),
          entry("AliasService", TEXT),
          entry("HTTP", TEXT),
          entry("Header", mapOf(TEXTS)),
          entry("Method", TEXT),
          entry("Body", TEXT),
          entry("TCP", TEXT),
          entry("GRPC", TEXT),
          entry("GRPCUseTLS", FLAG),
          entry("TLSSkipVerify", FLAG),
          entry("Interval", TIME),
          entry("Timeout", TIME),
          entry("TTL", TIME),
          entry("DeregisterCriticalServiceAfter", TIME),
          entry("Args", TEXTS),
          entry("ScriptArgs", TEXTS),
          entry("DockerContainerID", TEXT),
          entry("Shell", TEXT),
          entry("SuccessBeforePassing", NUMBER),
          entry("FailuresBeforeCritical", NUMBER),
          entry("OutputMaxSize", NUMBER));
  private static final Map<String, Shape> NEWER_CHECK =
      Map.of("TLSServerName", TEXT, "FailuresBeforeWarning", NUMBER, "H2PING", TEXT, "UDP", TEXT);

  private final String go;
  private final Map<String, Field> fields = new HashMap<>();
  private Optional<Shape> items = Optional.empty();
  private boolean isList;
  private boolean lenient;

  private Shape(String go) {
    this.go = go;
  }

  private static Shape listOf(Shape item) {
    Shape list = new Shape("[]" + item.go);
    list.items = Optional.of(item);
    list.isList = true;
    return list;
  }

  private static Shape mapOf(Shape value) {
    Shape map = new Shape("map[string]" + value.go);
    map.items = Optional.of(value);
    return map;
  }

  private static Shape struct(String go, Map<String, Shape> fields) {
    Shape struct = new Shape(go);
    fields.forEach(struct::put);
    return struct;
  }

  private void put(String name, Shape shape) {
    fields.put(folded(name), new Field(name, shape));
  }

  /**
   * A field of a struct.
   *
   * @param name the name that is kept
   * @param shape what it holds
   */
  record Field(String name, Shape shape) {}

  /** Consul takes its words in any case, and most of them with underscores. */
  private static String folded(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** Returns what a registration is made of. */
  static Shape service(boolean newer) {
    Shape service = struct("structs.ServiceDefinition", Map.of());
    Shape proxy = proxy(newer);
    Shape check = check(newer);
    for (String text : List.of("Kind", "ID", "Name", "Address", "Token")) {
      service.put(text, TEXT);
    }
    if (newer) {
      List.of("SocketPath", "Namespace", "Partition").forEach(name -> service.put(name, TEXT));
    }
    service.put("Tags", TEXTS);
    service.put("TaggedAddresses", ADDRESSES);
    service.put("Meta", PAIRS);
    service.put("Port", NUMBER);
    service.put("Check", check);
    service.put("Checks", listOf(check));
    service.put("Weights", WEIGHTS);
    service.put("EnableTagOverride", FLAG);
    service.put("Proxy", proxy);
    Shape connect = struct("structs.ServiceConnect", Map.of("Native", FLAG));
    connect.put("SidecarService", service);
    connect.lenient = true;
    service.put("Connect", connect);
    return service;
  }

  private static Shape proxy(boolean newer) {
    Map<String, Shape> upstream = new HashMap<>(UPSTREAM);
    Shape proxy = struct("structs.ConnectProxyConfig", Map.of());
    if (newer) {
      upstream.putAll(NEWER_UPSTREAM);
      proxy.put("Mode", TEXT);
      proxy.put("LocalServiceSocketPath", TEXT);
      proxy.put("TransparentProxy", ANYTHING);
    }
    proxy.put("DestinationServiceName", TEXT);
    proxy.put("DestinationServiceID", TEXT);
    proxy.put("LocalServiceAddress", TEXT);
    proxy.put("LocalServicePort", NUMBER);
    proxy.put("Config", ANYTHING);
    proxy.put("Upstreams", listOf(struct("structs.Upstream", upstream)));
    proxy.put("MeshGateway", GATEWAY);
    proxy.put("Expose", EXPOSE);
    return proxy;
  }

  /** Returns what a check is made of. */
  static Shape check(boolean newer) {
    Map<String, Shape> check = new HashMap<>(CHECK);
    if (newer) {
      check.putAll(NEWER_CHECK);
    }
    return struct("structs.CheckType", check);
  }

  String go() {
    return go;
  }

  boolean isStruct() {
    return items.isEmpty() && (!fields.isEmpty() || go.startsWith("structs."));
  }

  boolean isList() {
    return isList;
  }

  /** Returns whether unknown fields are passed over. */
  boolean isLenient() {
    return lenient;
  }

  /** Returns what the items of a list or the values of a map are. */
  Optional<Shape> items() {
    return items;
  }

  /** Returns a field of a struct; checks have fewer spellings. */
  Optional<Field> field(String said) {
    boolean strange =
        go.equals("structs.CheckType") && (said.equals("check_id") || said.equals("alias_service"));
    return strange ? Optional.empty() : Optional.ofNullable(fields.get(folded(said)));
  }
}
