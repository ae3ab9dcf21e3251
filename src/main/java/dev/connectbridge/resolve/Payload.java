package dev.connectbridge.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.resolve.Registration.Upstream;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Consul 1.8.7 refuses, or accepts at the agent and never brings to the catalog: checked on
 * the values as they would be sent.
 */
final class Payload {
  private static final Pattern META_KEY = Pattern.compile("[A-Za-z0-9_-]+");
  private static final int MOST_PAIRS = 64;

  /** The pair that tells which writer has written it. */
  private static final int WRITERS = 1;

  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 512;
  private static final int LARGEST_WEIGHT = 65535;
  private static final Set<String> WITH_PORT =
      Set.of("mesh-gateway", "terminating-gateway", "ingress-gateway");
  private static final Set<String> NOWHERE = Set.of("0.0.0.0", "::", "[::]");

  private final Registration registration;
  private final ServiceSpec service;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> stalls = new ArrayList<>();

  Payload(Registration registration, ServiceSpec service) {
    this.registration = registration;
    this.service = service;
  }

  /** Returns what Consul accepts at the agent, and what then keeps the agent from syncing. */
  List<Problem> stalls() {
    return stalls;
  }

  List<Problem> problems() {
    Origin at = service.origin();
    meta(at, registration.meta());
    address(at, service.address().isEmpty() ? "port" : "address", registration.address());
    weights(at);
    kind(at);
    marks(at);
    registration
        .sidecar()
        .ifPresent(
            sidecar -> {
              Origin spec = service.sidecar().orElseThrow().origin();
              if (sidecar.meta() != registration.meta()) {
                meta(spec, sidecar.meta());
              }
              address(spec, "port", sidecar.address());
              if (sidecar.address().isEmpty()) {
                problems.add(
                    spec.problem(
                        "the address of this node is not known, so the sidecar has none; set"
                            + " node.address in the configuration"));
              }
              upstreams(sidecar.proxy().upstreams());
            });
    return problems;
  }

  private void meta(Origin at, Map<String, String> meta) {
    int marks = registration.marks().over(Map.of()).size() + WRITERS;
    if (meta.size() + marks > MOST_PAIRS) {
      say(
          at,
          "meta",
          "Consul takes %d pairs; the bridge needs %d of them, so at most %d are left, not %d"
              .formatted(MOST_PAIRS, marks, MOST_PAIRS - marks, meta.size()));
    }
    meta.forEach((key, value) -> pair(at, key, value));
  }

  private void pair(Origin at, String key, String value) {
    if (!META_KEY.matcher(key).matches() || key.length() > LONGEST_KEY) {
      say(
          at,
          "meta",
          "\"%s\" is no key for Consul: 1 to 128 letters, digits, dashes and underscores"
              .formatted(key));
    }
    if (key.startsWith("consul-") || Marks.isMark(key)) {
      say(at, "meta", "the key \"%s\" is reserved".formatted(key));
    }
    if (value.getBytes(UTF_8).length > LONGEST_VALUE) {
      say(at, "meta", "the value of \"%s\" is longer than 512 bytes".formatted(key));
    }
  }

  private void marks(Origin at) {
    registration
        .marks()
        .over(Map.of())
        .forEach(
            (key, value) -> {
              if (value.getBytes(UTF_8).length > LONGEST_VALUE) {
                problems.add(at.problem("the mark " + key + " would be longer than 512 bytes"));
              }
            });
  }

  private void address(Origin at, String key, String address) {
    if (NOWHERE.contains(address)) {
      say(at, key, "\"%s\" is no address to reach a service at".formatted(address));
    }
  }

  private void weights(Origin at) {
    int most = Math.max(registration.weights().passing(), registration.weights().warning());
    if (most > LARGEST_WEIGHT) {
      say(at, "weights", "a weight is 65535 at most, not " + most);
    }
  }

  private void kind(Origin at) {
    String kind = registration.role().kind();
    if (WITH_PORT.contains(kind) && registration.port() == 0) {
      say(at, "port", "a service of the kind \"%s\" needs a port".formatted(kind));
    }
  }

  /** In a nested sidecar the agent checks none of this, and its whole sync stalls. */
  private void upstreams(List<Upstream> upstreams) {
    Set<String> listeners = new HashSet<>();
    Set<List<String>> destinations = new HashSet<>();
    for (int i = 0; i < upstreams.size(); i++) {
      Upstream upstream = upstreams.get(i);
      Origin at = service.sidecar().orElseThrow().proxy().upstreams().get(i).origin();
      if (upstream.destinationName().isEmpty()) {
        say(at, "destination_name", "an upstream needs a destination_name");
      }
      boolean socket = !upstream.localBindSocketPath().isEmpty();
      String listener =
          socket
              ? upstream.localBindSocketPath()
              : Addresses.hostPort(upstream.localBindAddress(), upstream.localBindPort());
      if (!listeners.add(listener)) {
        String key = socket ? "local_bind_socket_path" : "local_bind_port";
        say(at, key, listener + " is the listener of another upstream already");
      }
      if (!destinations.add(destination(upstream))) {
        stalls.add(
            at.problem(
                "destination_name",
                "a proxy with two upstreams to \"%s\" never leaves the agent for the catalog"
                        .formatted(upstream.destinationName())
                    + " (Consul 1.8.7), and holds up everything else; reach it through one"));
      }
    }
  }

  private static List<String> destination(Upstream upstream) {
    return List.of(
        upstream.destinationType(),
        upstream.destinationName(),
        upstream.destinationNamespace(),
        upstream.destinationPartition(),
        upstream.destinationPeer(),
        upstream.datacenter());
  }

  private void say(Origin at, String key, String message) {
    problems.add(at.problem(key, message));
  }
}
