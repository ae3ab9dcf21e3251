package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the agent does not accept; the words are those of 1.8.7. */
final class Rules {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Set<String> NOWHERE = Set.of("0.0.0.0", "::", "[::]");

  private Rules() {}

  /** Checks a service as it was said; a proxy that is registered by itself is looked through. */
  static void service(ObjectNode said) {
    wrong(said)
        .ifPresent(
            why -> {
              throw new Refused(400, why);
            });
    script(said);
  }

  private static Optional<String> wrong(ObjectNode said) {
    return metadata(said)
        .map("Invalid Service Meta: "::concat)
        .or(() -> weights(said).map("Invalid Weights: "::concat))
        .or(() -> checks(said))
        .or(() -> address(said))
        .or(() -> shape(said));
  }

  private static Optional<String> address(ObjectNode said) {
    return NOWHERE.contains(said.path("Address").asText(""))
        ? Optional.of("Invalid service address")
        : Optional.empty();
  }

  private static Optional<String> shape(ObjectNode said) {
    List<String> errors = new ArrayList<>();
    if (said.path("Kind").asText("").equals("connect-proxy")) {
      errors.addAll(proxy(said));
    }
    JsonNode sidecar = said.path("Connect").path("SidecarService");
    if (sidecar.has("ID")) {
      errors.add("A SidecarService cannot specify an ID as this is managed by the agent");
    }
    if (sidecar.path("Connect").has("SidecarService")) {
      errors.add("A SidecarService cannot have a nested SidecarService");
    }
    return errors.isEmpty() ? Optional.empty() : Optional.of(together(errors));
  }

  static String together(List<String> errors) {
    StringBuilder text = new StringBuilder();
    text.append(errors.size()).append(errors.size() == 1 ? " error" : " errors");
    text.append(" occurred:\n");
    errors.forEach(error -> text.append("\t* ").append(error).append('\n'));
    return text.append('\n').toString();
  }

  /** Refuses commands, which nobody may have run over HTTP. */
  static void script(ObjectNode said) {
    for (JsonNode check : checksOf(said)) {
      if (check.has("Args") || check.has("ScriptArgs")) {
        throw new Refused(
            500,
            "Scripts are disabled on this agent from remote calls; to enable, configure"
                + " 'enable_script_checks' to true");
      }
    }
  }

  static Optional<String> metadata(JsonNode said) {
    JsonNode meta = said.path("Meta");
    if (meta.size() > 64) {
      return Optional.of("Node metadata cannot contain more than 64 key/value pairs");
    }
    return meta.properties().stream()
        .flatMap(
            pair ->
                pair(pair.getKey(), pair.getValue().asText())
                    .map(
                        why ->
                            "Couldn't load metadata pair ('%s', '%s'): %s"
                                .formatted(pair.getKey(), pair.getValue().asText(), why))
                    .stream())
        .findFirst();
  }

  private static Optional<String> pair(String key, String value) {
    if (key.isEmpty()) {
      return Optional.of("Key cannot be blank");
    }
    if (!KEY.matcher(key).matches()) {
      return Optional.of("Key contains invalid characters");
    }
    if (key.length() > 128) {
      return Optional.of("Key is too long (limit: 128 characters)");
    }
    if (key.startsWith("consul-")) {
      return Optional.of("Key prefix 'consul-' is reserved for internal use");
    }
    return value.getBytes(StandardCharsets.UTF_8).length > 512
        ? Optional.of("Value is too long (limit: 512 characters)")
        : Optional.empty();
  }

  static Optional<String> weights(JsonNode said) {
    if (!said.has("Weights")) {
      return Optional.empty();
    }
    int passing = said.path("Weights").path("Passing").asInt();
    int warning = said.path("Weights").path("Warning").asInt();
    if (passing < 1) {
      return Optional.of("Passing must be greater than 0");
    }
    return passing > 65535 || warning > 65535 || warning < 0
        ? Optional.of("DNS Weight must be between 0 and 65535")
        : Optional.empty();
  }

  static Optional<String> checks(JsonNode said) {
    for (JsonNode check : checksOf(said)) {
      Optional<String> wrong = check(check);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /** Returns the checks of a body; an empty one that stands alone is none. */
  static List<JsonNode> checksOf(JsonNode said) {
    List<JsonNode> checks = new ArrayList<>();
    said.path("Checks").forEach(checks::add);
    if (!said.path("Check").isEmpty()) {
      checks.add(said.path("Check"));
    }
    return checks;
  }

  static Optional<String> check(JsonNode check) {
    String status = check.path("Status").asText("");
    if (!Set.of("", "passing", "warning", "critical").contains(status)) {
      return Optional.of("Status for checks must 'passing', 'warning', 'critical'");
    }
    return probe(check).map(why -> "Invalid check: " + why);
  }

  /** Returns what is wrong with how a check probes. */
  static Optional<String> probe(JsonNode check) {
    boolean probes =
        check.has("HTTP")
            || check.has("TCP")
            || check.has("GRPC")
            || check.has("Args")
            || check.has("ScriptArgs");
    boolean alias = check.has("AliasService") || check.has("AliasNode");
    long interval = check.path("Interval").asLong();
    long ttl = check.path("TTL").asLong();
    if (interval > 0 && ttl > 0) {
      return Optional.of("Interval and TTL cannot both be specified");
    }
    if (probes && interval <= 0) {
      return Optional.of("Interval must be > 0 for Script, HTTP, or TCP checks");
    }
    return !probes && !alias && ttl <= 0
        ? Optional.of("TTL must be > 0 for TTL checks")
        : Optional.empty();
  }

  /** Returns what is wrong with a proxy, which of a nested one only the servers say. */
  static List<String> proxy(JsonNode said) {
    List<String> errors = new ArrayList<>();
    JsonNode proxy = said.path("Proxy");
    if (proxy.path("DestinationServiceName").asText("").isEmpty()) {
      errors.add("Proxy.DestinationServiceName must be non-empty for Connect proxy services");
    }
    if (said.path("Port").asInt() == 0) {
      errors.add("Port must be set for a Connect proxy");
    }
    if (said.path("Connect").path("Native").asBoolean()) {
      errors.add("A Proxy cannot also be Connect Native, only typical services");
    }
    errors.addAll(upstreams(proxy.path("Upstreams")));
    errors.addAll(exposed(proxy.path("Expose").path("Paths")));
    return errors;
  }

  private static List<String> upstreams(JsonNode upstreams) {
    List<String> errors = new ArrayList<>();
    Set<String> binds = new TreeSet<>();
    Set<String> targets = new TreeSet<>();
    for (JsonNode upstream : upstreams) {
      String type = upstream.path("DestinationType").asText("service");
      String name = upstream.path("DestinationName").asText("");
      if (!Set.of("", "service", "prepared_query").contains(type)) {
        errors.add("unknown upstream destination type: \"" + type + "\"");
        continue;
      }
      if (name.isEmpty()) {
        errors.add("upstream destination name cannot be empty");
      }
      if (upstream.path("LocalBindPort").asInt() == 0
          && upstream.path("LocalBindSocketPath").asText("").isEmpty()) {
        errors.add("upstream local bind port cannot be zero");
        continue;
      }
      errors.addAll(twice(upstream, type, name, binds, targets));
    }
    return errors;
  }

  private static List<String> twice(
      JsonNode upstream, String type, String name, Set<String> binds, Set<String> targets) {
    List<String> errors = new ArrayList<>();
    String address = upstream.path("LocalBindAddress").asText("");
    String bind =
        (address.isEmpty() ? "127.0.0.1" : address) + ":" + upstream.path("LocalBindPort").asInt();
    if (upstream.path("LocalBindPort").asInt() != 0 && !binds.add(bind)) {
      errors.add(
          ("upstreams cannot contain duplicates by local bind address and port; \"%s\" is specified"
                  + " twice")
              .formatted(bind));
    }
    String target =
        "[type=\"%s\", name=\"%s\", namespace=\"%s\", datacenter=\"%s\"]"
            .formatted(
                type.isEmpty() ? "service" : type,
                name,
                upstream.path("DestinationNamespace").asText(""),
                upstream.path("Datacenter").asText(""));
    if (!targets.add(target)) {
      errors.add("upstreams cannot contain duplicates of " + target);
    }
    return errors;
  }

  private static List<String> exposed(JsonNode paths) {
    List<String> errors = new ArrayList<>();
    Set<Integer> ports = new TreeSet<>();
    for (JsonNode path : paths) {
      int port = path.path("ListenerPort").asInt();
      String protocol = path.path("Protocol").asText("");
      if (!ports.add(port)) {
        errors.add("expose.paths: duplicate listener ports exposed");
      }
      if (port <= 0 || port > 65535) {
        errors.add("expose.paths: invalid listener port: " + port);
      }
      if (!Set.of("", "http", "http2").contains(protocol)) {
        errors.add(
            "protocol '%s' not supported for path: %s, must be in: [http http2]"
                .formatted(protocol, path.path("Path").asText("")));
      }
    }
    return errors;
  }
}
