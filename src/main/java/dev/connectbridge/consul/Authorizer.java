package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.connectbridge.consul.ConsulAgent.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the servers what our token may do; that itself takes no right. */
final class Authorizer {
  /** Consul authorizes no more at once. */
  private static final int MOST = 64;

  private final AgentCalls calls;

  Authorizer(AgentCalls toServers) {
    this.calls = toServers;
  }

  /** Returns those of the rules that the token lacks; empty when ACLs are off. */
  Optional<List<Rule>> missing(List<Rule> wanted) throws AgentException {
    List<Rule> missing = new ArrayList<>();
    for (int from = 0; from < wanted.size(); from += MOST) {
      List<Rule> some = wanted.subList(from, Math.min(wanted.size(), from + MOST));
      Reply reply = ask(some);
      if (saysNoAcls(reply)) {
        return Optional.empty();
      }
      missing.addAll(refused(some, reply));
    }
    return Optional.of(missing);
  }

  boolean aclsOn() throws AgentException {
    Reply reply = ask(List.of());
    return !saysNoAcls(reply) && reply.array().isEmpty();
  }

  private Reply ask(List<Rule> rules) throws AgentException {
    ArrayNode body = JsonNodeFactory.instance.arrayNode();
    rules.forEach(
        rule ->
            body.addObject()
                .put("Resource", rule.resource())
                .put("Access", rule.access())
                .put("Segment", rule.name()));
    return calls.post(calls.url("/v1/internal/acl/authorize"), body);
  }

  private static boolean saysNoAcls(Reply reply) {
    return reply.status() == 401 && reply.text().contains("ACL support disabled");
  }

  private static List<Rule> refused(List<Rule> asked, Reply reply) throws AgentException {
    JsonNode answers = reply.array();
    if (answers.size() != asked.size()) {
      throw reply.garbled("tells of " + answers.size() + " rights, not " + asked.size());
    }
    List<Rule> refused = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      JsonNode answer = answers.get(i);
      if (!answer.path("Segment").asText().equals(asked.get(i).name())
          || !answer.path("Resource").asText().equals(asked.get(i).resource())) {
        throw reply.garbled("tells of other rights");
      }
      if (!answer.path("Allow").asBoolean(false)) {
        refused.add(asked.get(i));
      }
    }
    return refused;
  }
}
