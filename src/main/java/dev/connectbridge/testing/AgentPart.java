package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.testing.Answered.Ending;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What an agent tells of itself and of its services. */
final class AgentPart {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String FILTERED = "X-Consul-Results-Filtered-By-ACLs";
  private static final String HASH = "X-Consul-ContentHash";

  private final Insides in;

  AgentPart(Insides in) {
    this.in = in;
  }

  Answered self(Question asked) {
    in.acl().must(asked.token(), "agent", in.node(), "read");
    ObjectNode self = NODES.objectNode();
    self.putObject("Config")
        .put("Datacenter", "dc1")
        .put("NodeName", in.node())
        .put("NodeID", in.options().nodeId())
        .put("Revision", "")
        .put("Server", true)
        .put("Version", in.options().version());
    self.putObject("DebugConfig")
        .put("ConnectEnabled", in.options().connect())
        .put("GRPCPort", in.options().connect() ? 8502 : -1)
        .put("RPCHoldTimeout", "7s")
        .put("DataDir", in.options().persistent() ? "/var/lib/consul" : "")
        .put("HTTPMaxConnsPerClient", in.options().connections())
        .put("ConnectSidecarMinPort", in.options().minPort())
        .put("ConnectSidecarMaxPort", in.options().maxPort());
    self.putObject("Member").put("Name", in.node()).put("Addr", in.options().address());
    self.putObject("Meta").put("consul-network-segment", "");
    return Answered.json(self.toString());
  }

  Answered services(Question asked) {
    in.acl().known(asked.token());
    Predicate<JsonNode> chosen = Filter.services(asked.parameter("filter"));
    Map<String, String> texts = new TreeMap<>();
    boolean filtered = false;
    for (HeldService service : in.state().services().values()) {
      if (!in.acl().mayRead(asked.token(), service)) {
        filtered = true;
      } else if (!in.hides(service.id()) && chosen.test(service.json())) {
        texts.put(service.id(), service.text());
      }
    }
    return told(LocalState.list(texts), filtered, asked);
  }

  Answered checks(Question asked) {
    in.acl().known(asked.token());
    Predicate<JsonNode> chosen = Filter.checks(asked.parameter("filter"));
    boolean all = asked.parameter("filter").isEmpty();
    Map<String, String> texts = new TreeMap<>();
    boolean filtered = false;
    for (HeldCheck check : in.state().checks().values()) {
      if (!in.acl().mayRead(asked.token(), check.service())) {
        filtered = true;
      } else if (!in.hides(check.service().id()) && (all || chosen.test(check.json(in.node())))) {
        texts.put(check.id(), check.text(in.node()));
      }
    }
    return told(LocalState.list(texts), filtered, asked);
  }

  /** Only a newer agent tells that there is more, and only to who shows a token. */
  private Answered told(String list, boolean filtered, Question asked) {
    Answered answer = Answered.json(list);
    boolean tells = in.options().newer() && filtered && !asked.token().isEmpty();
    return tells ? answer.with(FILTERED, "true") : answer;
  }

  /** Returns one service; empty while its reader is to wait for another state of it. */
  Optional<Answered> service(Question asked, String id, Instant since) {
    in.acl().known(asked.token());
    Optional<HeldService> held = in.state().service(id).filter(one -> !in.hides(id));
    if (held.isEmpty()) {
      return Optional.of(Answered.text(404, unknown("unknown service ID: " + id, id)));
    }
    if (!in.acl().mayRead(asked.token(), held.get())) {
      throw new Refused(403, "Permission denied");
    }
    String hash = held.get().hash();
    if (hash.equals(asked.parameter("hash")) && in.waits(asked, since, 600)) {
      return Optional.empty();
    }
    ObjectNode json = held.get().json().deepCopy();
    json.put("ContentHash", hash);
    if (in.options().newer()) {
      json.put("Datacenter", "dc1");
    }
    return Optional.of(Answered.json(json.toString()).with(HASH, hash));
  }

  private String unknown(String old, String id) {
    return in.options().newer()
        ? "unknown service ID: "
            + id
            + ". Ensure that the service ID is passed, not the service name."
        : old;
  }

  Answered health(Question asked, String id) {
    in.acl().known(asked.token());
    Optional<HeldService> held = in.state().service(id).filter(one -> !in.hides(id));
    boolean text = asked.parameter("format").equals("text");
    if (held.isEmpty()) {
      ObjectNode none = NODES.objectNode().put("AggregatedStatus", "critical");
      none.putNull("Service").putNull("Checks");
      return (text ? Answered.plain(404, "critical", "text/plain") : Answered.json(404, "" + none))
          .with("X-Consul-Reason", "ServiceId " + id + " not found");
    }
    if (!in.acl().mayRead(asked.token(), held.get())) {
      throw new Refused(403, "Permission denied");
    }
    ArrayNode checks = NODES.arrayNode();
    String status = "passing";
    for (HeldCheck check : in.state().checksOf(id)) {
      checks.add(check.json(in.node()));
      status = worse(status, check.type().equals("maintenance") ? "maintenance" : check.status());
    }
    ObjectNode body = NODES.objectNode().put("AggregatedStatus", status);
    body.set("Service", held.get().json());
    body.set("Checks", checks);
    int code = status.equals("passing") ? 200 : status.equals("warning") ? 429 : 503;
    return (text ? Answered.plain(code, status, "text/plain") : Answered.json(code, "" + body))
        .with("X-Consul-Reason", status);
  }

  private static String worse(String one, String other) {
    List<String> order = List.of("passing", "warning", "critical", "maintenance");
    return order.indexOf(other) > order.indexOf(one) ? other : one;
  }

  Answered register(Question asked) {
    ObjectNode said = GoBody.read(asked.body(), in.options().service());
    if (said.path("Name").asText("").isEmpty()) {
      throw new Refused(400, "Missing service name");
    }
    for (JsonNode check : Rules.checksOf(said)) {
      if (check.has("AliasNode") && !in.options().newer()) {
        in.up(false);
        return Answered.ending(Ending.CLOSED);
      }
    }
    Rules.service(said);
    String id = id(said);
    vet(asked.token(), said.path("Name").asText(), id);
    Optional<ObjectNode> sidecar =
        Expansion.sidecar(said, () -> in.state().sidecarPort(id + "-sidecar-proxy"));
    sidecar.ifPresent(
        nested -> vet(asked.token(), nested.path("Name").asText(), nested.path("ID").asText()));
    if (said.path("Kind").asText("").equals("connect-proxy")) {
      in.acl()
          .mayWrite(asked.token(), said.path("Proxy").path("DestinationServiceName").asText(""));
    }
    String replace = asked.parameters().get("replace-existing-checks");
    boolean replaces = replace != null && (replace.isEmpty() || replace.equals("true"));
    add(said, asked.token(), false, replaces);
    // What is refused only now leaves the service behind, without its sidecar.
    sidecar.ifPresent(Rules::script);
    sidecar.ifPresent(nested -> add(nested, asked.token(), true, replaces));
    return in.done();
  }

  private static String id(ObjectNode said) {
    String id = said.path("ID").asText("");
    return id.isEmpty() ? said.path("Name").asText() : id;
  }

  private void vet(String token, String name, String id) {
    in.acl().mayWrite(token, name);
    in.state().service(id).ifPresent(held -> in.acl().mayWrite(token, held.name()));
  }

  private void add(ObjectNode said, String token, boolean sidecar, boolean replaces) {
    in.state().add(said, token, sidecar, replaces, in.now());
    in.unhide(id(said));
    in.syncing().changed(id(said));
  }

  Answered deregister(Question asked, String id) {
    if (id.isEmpty()) {
      throw new Refused(500, "ServiceID missing");
    }
    in.acl().known(asked.token());
    Optional<HeldService> held = in.state().service(id);
    if (held.isEmpty()) {
      return gone(id);
    }
    mayChange(asked.token(), held.get());
    in.syncing().gone(in.state().remove(id, in.now()));
    return in.done();
  }

  private void mayChange(String token, HeldService held) {
    if (!in.acl().may(token, "service", held.name(), "write")) {
      throw new Refused(403, "Permission denied: Missing service:write on " + held.name());
    }
  }

  private Answered gone(String id) {
    if (in.options().newer()) {
      throw new Refused(
          404,
          "Unknown service ID \""
              + id
              + "\". Ensure that the service ID is passed, not the service name.");
    }
    if (in.acl().isOn()) {
      throw new Refused(500, "Unknown service {\"" + id + "\" {}}");
    }
    return in.done();
  }

  Answered maintenance(Question asked, String id) {
    String enable = asked.parameter("enable");
    if (enable.isEmpty()) {
      throw new Refused(400, "Missing value for enable");
    }
    HeldService held =
        in.state()
            .service(id)
            .orElseThrow(() -> new Refused(404, "No service registered with ID \"" + id + "\""));
    in.acl().known(asked.token());
    mayChange(asked.token(), held);
    String check = "_service_maintenance:" + id;
    if (enable.equals("true")) {
      String reason = asked.parameter("reason");
      ObjectNode said = NODES.objectNode().put("Name", "Service Maintenance Mode");
      String otherwise =
          "Maintenance mode is enabled for this service, but no reason was provided. This is a"
              + " default message.";
      said.put("Notes", reason.isEmpty() ? otherwise : reason).put("Status", "critical");
      in.state().put(new HeldCheck(check, said, held, asked.token()), in.now());
    } else {
      in.state().removeCheck(check, in.now());
    }
    return in.done();
  }
}
