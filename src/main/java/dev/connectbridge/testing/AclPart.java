package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens, policies, configuration entries and intentions. */
final class AclPart {
  private final Insides in;
  private final Map<String, ObjectNode> entries = new HashMap<>();
  private long index = 20;

  AclPart(Insides in) {
    this.in = in;
  }

  private void on() {
    if (!in.acl().isOn()) {
      throw new Refused(401, "ACL support disabled");
    }
  }

  Answered authorize(Question asked) {
    on();
    in.reached();
    in.acl().known(asked.token());
    ArrayNode answers = JsonNodeFactory.instance.arrayNode();
    for (JsonNode right : GoBody.parsed(asked.body())) {
      ObjectNode answer = right.deepCopy();
      boolean allow =
          in.acl()
              .may(
                  asked.token(),
                  right.path("Resource").asText(),
                  right.path("Segment").asText(""),
                  right.path("Access").asText());
      answers.add(answer.put("Allow", allow));
    }
    return Answered.json(answers.toString());
  }

  Answered policy(Question asked) {
    on();
    in.acl().must(asked.token(), "acl", "", "write");
    JsonNode said = GoBody.parsed(asked.body());
    in.acl().policy(said.path("Name").asText(), said.path("Rules").asText());
    return Answered.json(said.toString());
  }

  Answered token(Question asked) {
    on();
    in.acl().must(asked.token(), "acl", "", "write");
    List<String> policies = new ArrayList<>();
    GoBody.parsed(asked.body())
        .path("Policies")
        .forEach(policy -> policies.add(policy.path("Name").asText()));
    List<String> made = in.acl().token(policies);
    return Answered.json(
        "{\"SecretID\":\"" + made.get(0) + "\",\"AccessorID\":\"" + made.get(1) + "\"}");
  }

  Answered revoke(Question asked, String accessor) {
    on();
    in.acl().must(asked.token(), "acl", "", "write");
    in.acl().revoke(accessor);
    return Answered.json("true");
  }

  Answered bootstrap() {
    on();
    throw new Refused(403, "Permission denied: ACL bootstrap no longer allowed (reset index: 14)");
  }

  Answered intention(Question asked) {
    in.reached();
    in.acl().known(asked.token());
    return Answered.json("{\"Allowed\":" + !in.acl().isOn() + "}");
  }

  Answered entry(Question asked, String kindAndName) {
    in.reached();
    in.acl().known(asked.token());
    int slash = kindAndName.indexOf('/');
    String kind = kindAndName.substring(0, Math.max(0, slash));
    String name = kindAndName.substring(slash + 1);
    if (!entries.containsKey(kindAndName)) {
      return Answered.text(404, "Config entry not found for \"%s\" / \"%s\"".formatted(kind, name));
    }
    if (!in.acl().may(asked.token(), "service", name, "read")) {
      throw new Refused(403, "Permission denied");
    }
    return Answered.json(entries.get(kindAndName).toString());
  }

  Answered write(Question asked) {
    in.reached();
    JsonNode said = GoBody.parsed(asked.body());
    String name = said.path("Name").asText();
    in.acl().must(asked.token(), "operator", "", "write");
    String id = said.path("Kind").asText() + "/" + name;
    long held = entries.containsKey(id) ? entries.get(id).path("ModifyIndex").asLong() : 0;
    String cas = asked.parameter("cas");
    if (!cas.isEmpty() && !cas.equals(String.valueOf(held))) {
      return Answered.json("false");
    }
    ObjectNode entry = said.deepCopy();
    entries.put(id, entry.put("CreateIndex", ++index).put("ModifyIndex", index));
    return Answered.json("true");
  }
}
