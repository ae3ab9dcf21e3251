package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A check that an agent holds, and when it does what. */
final class HeldCheck {
  /** An output that comes without another status is told to the servers only so late. */
  private static final Duration OUTPUT = Duration.ofMinutes(5);

  private final String id;
  private final String name;
  private final String notes;
  private final ObjectNode definition;
  private final HeldService service;
  private final String token;
  private String status;
  private String output = "";
  private String told = "";
  private Optional<Instant> tells = Optional.empty();
  private Optional<Instant> due = Optional.empty();
  private Optional<Instant> criticalSince = Optional.empty();
  private Optional<String> text = Optional.empty();

  HeldCheck(String id, ObjectNode definition, HeldService service, String token) {
    this.id = id;
    this.name = definition.path("Name").asText("Service '" + service.name() + "' check");
    this.notes = definition.path("Notes").asText("");
    this.definition = definition;
    this.service = service;
    this.token = token;
    String initial = definition.path("Status").asText("");
    this.status = initial.isEmpty() ? "critical" : initial;
  }

  String id() {
    return id;
  }

  String token() {
    return token;
  }

  HeldService service() {
    return service;
  }

  String status() {
    return status;
  }

  String name() {
    return name;
  }

  String output() {
    return output;
  }

  String type() {
    if (id.startsWith("_service_maintenance:")) {
      return "maintenance";
    }
    for (String kind : new String[] {"HTTP", "TCP", "GRPC"}) {
      if (definition.has(kind)) {
        return kind.toLowerCase(java.util.Locale.ROOT);
      }
    }
    return definition.has("AliasService") ? "alias" : definition.has("TTL") ? "ttl" : "";
  }

  String target() {
    return definition.path(type().toUpperCase(java.util.Locale.ROOT)).asText("");
  }

  String aliased() {
    return definition.path("AliasService").asText("");
  }

  Duration time(String field) {
    return Duration.ofNanos(definition.path(field).asLong());
  }

  Optional<Instant> due() {
    return due;
  }

  void due(Instant next) {
    due = Optional.of(next);
  }

  Optional<Instant> criticalSince() {
    return criticalSince;
  }

  /** Returns when the servers are to hear of an output that came without another status. */
  Optional<Instant> tells() {
    return tells;
  }

  /** The servers hear of the output now. */
  void tell() {
    told = output;
    tells = Optional.empty();
  }

  /** Takes a result; returns whether it is another one. */
  boolean says(String newStatus, String newOutput, Instant now) {
    boolean turned = !newStatus.equals(status);
    boolean other = turned || !newOutput.equals(output);
    if (!newStatus.equals("critical")) {
      criticalSince = Optional.empty();
    } else if (criticalSince.isEmpty()) {
      criticalSince = Optional.of(now);
    }
    status = newStatus;
    output = newOutput;
    text = other ? Optional.empty() : text;
    if (turned) {
      tell();
    } else if (other && tells.isEmpty()) {
      tells = Optional.of(now.plus(OUTPUT));
    }
    return other;
  }

  /** A check that is written again keeps what it said. */
  void keep(HeldCheck before) {
    status = before.status;
    output = before.output;
    told = before.told;
    tells = before.tells;
    criticalSince = before.criticalSince;
  }

  /** Returns it as the agent's list shows it. */
  String text(String node) {
    if (text.isEmpty()) {
      text = Optional.of(json(node).toString());
    }
    return text.get();
  }

  /** The node has another name. */
  void forgetText() {
    text = Optional.empty();
  }

  /** Returns it as the servers know it. */
  ObjectNode row(String node) {
    return json(node).put("Output", told);
  }

  ObjectNode json(String node) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("Node", node)
        .put("CheckID", id)
        .put("Name", name)
        .put("Status", status)
        .put("Notes", notes)
        .put("Output", output)
        .put("ServiceID", service.id())
        .put("ServiceName", service.name());
    JsonNode tags = service.json().path("Tags");
    json.set("ServiceTags", tags);
    json.put("Type", type()).putObject("Definition");
    return json.put("CreateIndex", 0).put("ModifyIndex", 0);
  }
}
