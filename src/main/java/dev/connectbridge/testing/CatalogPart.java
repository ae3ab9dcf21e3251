package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.testing.Catalog.Row;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What the servers tell, through the agent. */
final class CatalogPart {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Insides in;

  CatalogPart(Insides in) {
    this.in = in;
  }

  /** Answers once the index is beyond the one that was said, or the wait is over. */
  private Optional<Answered> told(
      Question asked, Instant since, long index, Supplier<String> body) {
    boolean stale = asked.parameters().containsKey("stale");
    if (!stale || !in.isLeaderless()) {
      in.reached();
    }
    in.acl().known(asked.token());
    String said = asked.parameter("index");
    if (!said.matches("\\d{0,18}")) {
      throw new Refused(400, "Invalid index");
    }
    long seen = said.isEmpty() ? 0 : Long.parseLong(said);
    if (seen > 0 && index <= seen && in.waits(asked, since, 300)) {
      return Optional.empty();
    }
    boolean consistent = asked.parameters().containsKey("consistent");
    return Optional.of(
        Answered.json(body.get())
            .with("X-Consul-Index", String.valueOf(index))
            .with("X-Consul-KnownLeader", String.valueOf(!in.isLeaderless()))
            .with("X-Consul-LastContact", "0")
            .with(
                "X-Consul-Effective-Consistency",
                consistent ? "consistent" : stale ? "stale" : "leader"));
  }

  Optional<Answered> nodeServices(Question asked, String node, Instant since) {
    Predicate<JsonNode> chosen = Filter.services(asked.parameter("filter"));
    return told(
        asked,
        since,
        in.catalog().indexOfNode(node),
        () -> {
          ObjectNode body = NODES.objectNode();
          if (!in.catalog().knows(node) || !in.acl().may(asked.token(), "node", node, "read")) {
            return body.putNull("Node").putNull("Services").toString();
          }
          body.set("Node", node(node));
          ArrayNode services = body.putArray("Services");
          in.catalog().of(node).values().stream()
              .filter(row -> in.acl().may(asked.token(), "service", row.name(), "read"))
              .filter(row -> chosen.test(row.json()))
              .forEach(row -> services.add(row.indexed()));
          return body.toString();
        });
  }

  private ObjectNode node(String name) {
    ObjectNode node = NODES.objectNode().put("ID", in.options().nodeId()).put("Node", name);
    node.put("Address", in.options().address()).put("Datacenter", "dc1");
    node.putObject("TaggedAddresses").put("lan", in.options().address());
    node.putObject("Meta").put("consul-network-segment", "");
    return node;
  }

  Optional<Answered> services(Question asked, Instant since) {
    return told(
        asked,
        since,
        in.catalog().index(),
        () -> {
          Map<String, ArrayNode> tags = new TreeMap<>();
          visible(
              asked,
              row -> true,
              (node, row) -> {
                ArrayNode all = tags.computeIfAbsent(row.name(), any -> NODES.arrayNode());
                row.json().path("Tags").forEach(all::add);
              });
          ObjectNode body = NODES.objectNode();
          tags.forEach(body::set);
          return body.toString();
        });
  }

  private void visible(Question asked, Predicate<Row> wanted, BiConsumer<String, Row> each) {
    for (String node : in.catalog().nodes()) {
      if (in.acl().may(asked.token(), "node", node, "read")) {
        in.catalog().of(node).values().stream()
            .filter(wanted)
            .filter(row -> in.acl().may(asked.token(), "service", row.name(), "read"))
            .forEach(row -> each.accept(node, row));
      }
    }
  }

  private static Predicate<Row> named(String name) {
    return row -> row.name().equals(name);
  }

  /** A proxy is found by whom it stands for. */
  private static Predicate<Row> connects(String name) {
    return row ->
        row.json().path("Proxy").path("DestinationServiceName").asText("").equals(name)
            || (row.json().path("Connect").path("Native").asBoolean() && row.name().equals(name));
  }

  Optional<Answered> service(Question asked, String name, boolean connect, Instant since) {
    return told(
        asked,
        since,
        in.catalog().indexOfService(name),
        () -> {
          ArrayNode list = NODES.arrayNode();
          visible(
              asked,
              connect ? connects(name) : named(name),
              (node, row) -> list.add(flat(node, row)));
          return list.toString();
        });
  }

  private ObjectNode flat(String node, Row row) {
    ObjectNode flat = node(node);
    flat.set("NodeMeta", flat.remove("Meta"));
    row.json()
        .properties()
        .forEach(
            field ->
                flat.set(
                    field.getKey().equals("Service") ? "ServiceName" : "Service" + field.getKey(),
                    field.getValue()));
    return flat.put("CreateIndex", row.created()).put("ModifyIndex", row.modified());
  }

  Optional<Answered> health(Question asked, String name, boolean connect, Instant since) {
    Map<String, String> said = asked.parameters();
    boolean passing = said.containsKey("passing") && !said.get("passing").equals("false");
    return told(
        asked,
        since,
        in.catalog().indexOfService(name),
        () -> {
          ArrayNode list = NODES.arrayNode();
          visible(
              asked,
              (connect ? connects(name) : named(name)).and(row -> !passing || row.isPassing()),
              (node, row) -> {
                ObjectNode one = list.addObject();
                one.set("Node", node(node));
                one.set("Service", row.indexed());
                row.checks().values().forEach(one.withArray("/Checks")::add);
              });
          return list.toString();
        });
  }

  /** Somebody writes to the servers without the agent. */
  Answered register(Question asked) {
    in.reached();
    JsonNode said = GoBody.parsed(asked.body());
    JsonNode service = said.path("Service");
    String node = said.path("Node").asText();
    in.acl().mayWrite(asked.token(), service.path("Service").asText());
    in.catalog().know(node);
    if (service.isObject()) {
      ObjectNode body = service.deepCopy();
      body.put("Name", service.path("Service").asText());
      in.catalog().put(node, Catalog.row(Expansion.shown(body)), new TreeMap<>());
    }
    return Answered.json("true");
  }

  Answered deregister(Question asked) {
    in.reached();
    JsonNode said = GoBody.parsed(asked.body());
    in.acl().known(asked.token());
    String node = said.path("Node").asText();
    String id = said.path("ServiceID").asText("");
    if (id.isEmpty()) {
      in.catalog().forget(node);
      in.locks().fail(node);
    } else {
      in.catalog().remove(node, id);
    }
    return Answered.json("true");
  }
}
