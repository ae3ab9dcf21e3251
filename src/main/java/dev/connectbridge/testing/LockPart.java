package dev.connectbridge.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Sessions, and the keys that they have the locks of. */
final class LockPart {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Insides in;

  LockPart(Insides in) {
    this.in = in;
  }

  Answered create(Question asked) {
    JsonNode said = asked.body().isEmpty() ? NODES.objectNode() : GoBody.parsed(asked.body());
    in.reached();
    in.acl().must(asked.token(), "session", in.node(), "write");
    String behavior = said.path("Behavior").asText("release");
    if (!behavior.equals("release") && !behavior.equals("delete")) {
      throw new Refused(500, "Invalid Behavior setting '" + behavior + "'");
    }
    String id = in.locks().open(in.node(), said.path("Name").asText(""));
    return Answered.json(NODES.objectNode().put("ID", id).toString());
  }

  Answered info(Question asked, String id) {
    in.reached();
    uuid(id);
    in.acl().known(asked.token());
    ArrayNode list = NODES.arrayNode();
    in.locks()
        .session(id)
        .filter(any -> in.acl().may(asked.token(), "session", in.node(), "read"))
        .ifPresent(
            session -> {
              ObjectNode one = list.addObject().put("ID", id).put("Name", session.name());
              one.put("Node", session.node()).put("LockDelay", 0).put("Behavior", "release");
              one.put("TTL", "").putArray("NodeChecks").add("serfHealth");
              one.putNull("ServiceChecks").put("CreateIndex", session.created());
              one.put("ModifyIndex", session.created());
            });
    return Answered.json(list.toString())
        .with("X-Consul-Index", String.valueOf(in.locks().index()));
  }

  Answered destroy(Question asked, String id) {
    in.reached();
    uuid(id);
    in.acl().known(asked.token());
    if (in.locks().session(id).isPresent()) {
      in.acl().must(asked.token(), "session", in.node(), "write");
      in.locks().close(id);
    }
    return Answered.json("true");
  }

  private static void uuid(String id) {
    if (id.length() != 36) {
      throw new Refused(500, "failed session lookup: index error: UUID must be 36 characters");
    }
  }

  Optional<Answered> read(Question asked, String key, Instant since) {
    in.reached();
    in.acl().must(asked.token(), "key", key, "read");
    long index = in.locks().indexOf(key);
    String said = asked.parameter("index");
    long seen = said.isEmpty() ? 0 : Long.parseLong(said);
    if (seen > 0 && index <= seen && in.waits(asked, since, 300)) {
      return Optional.empty();
    }
    Answered answer =
        in.locks().key(key).map(held -> shown(key, held)).orElseGet(() -> Answered.empty(404));
    return Optional.of(answer.with("X-Consul-Index", String.valueOf(index)));
  }

  private static Answered shown(String key, Locks.Key held) {
    ObjectNode one = NODES.objectNode().put("LockIndex", held.times()).put("Key", key);
    one.put("Flags", 0);
    if (held.value().isEmpty()) {
      one.putNull("Value");
    } else {
      one.put("Value", Base64.getEncoder().encodeToString(held.value().getBytes(UTF_8)));
    }
    held.session().ifPresent(session -> one.put("Session", session));
    one.put("CreateIndex", held.created()).put("ModifyIndex", held.modified());
    return Answered.json(NODES.arrayNode().add(one).toString());
  }

  Answered write(Question asked, String key) {
    in.reached();
    in.acl().must(asked.token(), "key", key, "write");
    String taker = asked.parameter("acquire");
    if (!taker.isEmpty()) {
      if (in.locks().session(taker).isEmpty()) {
        throw new Refused(500, "invalid session \"" + taker + "\"");
      }
      return Answered.json(String.valueOf(in.locks().acquire(key, taker, asked.body())));
    }
    String leaver = asked.parameter("release");
    if (!leaver.isEmpty()) {
      return Answered.json(String.valueOf(in.locks().release(key, leaver, asked.body())));
    }
    in.locks().put(key, asked.body());
    return Answered.json("true");
  }

  Answered delete(Question asked, String key) {
    in.reached();
    in.acl().must(asked.token(), "key", key, "write");
    in.locks().delete(key);
    return Answered.json("true");
  }
}
