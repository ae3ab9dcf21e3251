package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.resolve.Marks;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.ExposedPath;
import dev.connectbridge.resolve.Registration.Probe;
import dev.connectbridge.resolve.Registration.Proxy;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.resolve.Registration.Weights;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A registration as the agent is told it. Empty fields are not sent: a Consul that does not know
 * one refuses the whole body.
 */
final class RegistrationBody {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RegistrationBody() {}

  static ObjectNode of(Registration wanted) {
    return of(wanted, 0);
  }

  /** Returns the body of the request that registers a service with its nested sidecar. */
  static ObjectNode of(Registration wanted, long epoch) {
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
    meta(body, wanted.marks().over(wanted.meta()), epoch);
    checks(body, wanted.checks());
    if (!wanted.role().config().isEmpty()) {
      body.putObject("Proxy").set("Config", ValueJson.of(wanted.role().config()));
    }
    if (wanted.role().isNative()) {
      body.putObject("Connect").put("Native", true);
    }
    wanted
        .sidecar()
        .ifPresent(
            sidecar -> body.putObject("Connect").set("SidecarService", sidecar(sidecar, epoch)));
    return body;
  }

  private static ObjectNode sidecar(Sidecar wanted, long epoch) {
    ObjectNode body = JSON.objectNode();
    number(body, "Port", wanted.port());
    text(body, "Address", wanted.address());
    texts(body, "Tags", wanted.tags());
    meta(body, wanted.marks().over(wanted.meta()), epoch);
    checks(body, wanted.checks());
    object(body, "Proxy", proxy(wanted.proxy()));
    return body;
  }

  private static ObjectNode proxy(Proxy wanted) {
    ObjectNode body = JSON.objectNode();
    text(body, "Mode", wanted.mode());
    text(body, "LocalServiceAddress", unless(AgentJson.LOOPBACK, wanted.localServiceAddress()));
    number(body, "LocalServicePort", wanted.localServicePort());
    object(body, "Config", ValueJson.of(wanted.config()));
    if (!wanted.expose().isEmpty()) {
      ArrayNode paths = body.putObject("Expose").putArray("Paths");
      wanted.expose().forEach(path -> paths.add(exposed(path)));
    }
    list(body, "Upstreams", wanted.upstreams().stream().map(RegistrationBody::upstream).toList());
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
    text(body, "DestinationType", unless(AgentJson.SERVICE, wanted.destinationType()));
    text(body, "DestinationName", wanted.destinationName());
    text(body, "DestinationNamespace", wanted.destinationNamespace());
    text(body, "DestinationPartition", wanted.destinationPartition());
    text(body, "DestinationPeer", wanted.destinationPeer());
    text(body, "Datacenter", wanted.datacenter());
    text(body, "LocalBindAddress", unless(AgentJson.LOOPBACK, wanted.localBindAddress()));
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
    list(body, "Checks", wanted.stream().map(RegistrationBody::check).toList());
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

  private static void meta(ObjectNode body, Map<String, String> meta, long epoch) {
    ObjectNode pairs = body.putObject("Meta");
    meta.forEach(pairs::put);
    if (epoch > 0) {
      Map.Entry<String, String> pair = Marks.ofEpoch(epoch);
      pairs.put(pair.getKey(), pair.getValue());
    }
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

  private static String unless(String filledIn, String text) {
    return text.equals(filledIn) ? "" : text;
  }
}
