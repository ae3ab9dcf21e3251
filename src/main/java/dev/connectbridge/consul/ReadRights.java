package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.connectbridge.consul.CatalogApi.Grant;
import dev.connectbridge.consul.CatalogApi.Right;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** What the token may read, asked of the one path that needs no right itself. */
final class ReadRights {
  private static final int MOST_RIGHTS = 64;

  private final AgentCalls calls;

  ReadRights(AgentCalls calls) {
    this.calls = calls;
  }

  Grant of(String node, Collection<String> services) throws AgentException {
    List<Right> wanted = new ArrayList<>(List.of(new Right("node", node)));
    new TreeSet<>(services).forEach(service -> wanted.add(new Right("service", service)));
    return of(wanted);
  }

  /** Returns the services that may not be read. */
  List<Right> unreadable(Collection<String> services) throws AgentException {
    return of(new TreeSet<>(services).stream().map(name -> new Right("service", name)).toList())
        .missing();
  }

  private Grant of(List<Right> wanted) throws AgentException {
    List<Right> missing = new ArrayList<>();
    for (List<Right> some : ConsulCatalog.inParts(wanted, MOST_RIGHTS)) {
      Reply reply = authorize(some);
      if (saysNoAcls(reply)) {
        return new Grant(false, List.of());
      }
      missing.addAll(refused(some, reply));
    }
    return new Grant(true, missing);
  }

  boolean aclsOn() throws AgentException {
    Reply reply = authorize(List.of());
    return !saysNoAcls(reply) && reply.array().isEmpty();
  }

  private Reply authorize(List<Right> rights) throws AgentException {
    ArrayNode body = JsonNodeFactory.instance.arrayNode();
    rights.forEach(
        right ->
            body.addObject()
                .put("Resource", right.resource())
                .put("Access", "read")
                .put("Segment", right.name()));
    return calls.post(calls.url("/v1/internal/acl/authorize"), body);
  }

  private static boolean saysNoAcls(Reply reply) {
    return reply.status() == 401 && reply.text().contains("ACL support disabled");
  }

  private static List<Right> refused(List<Right> asked, Reply reply) throws AgentException {
    JsonNode answers = reply.array();
    if (answers.size() != asked.size()) {
      throw reply.garbled("tells of " + answers.size() + " rights, not " + asked.size());
    }
    List<Right> refused = new ArrayList<>();
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
