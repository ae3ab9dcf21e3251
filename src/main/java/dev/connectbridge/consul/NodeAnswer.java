package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.consul.CatalogApi.NodeServices;
import dev.connectbridge.resolve.Marks;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An answer about the services of a node, believed only where it can be nobody's but a Consul's
 * that was asked about that node: somebody between us and the agent may say 200 to everything.
 *
 * @param answer what was said
 * @param node whom it was asked about
 * @param body its JSON
 */
record NodeAnswer(AgentCalls.Answer answer, String node, JsonNode body) {

  static NodeAnswer of(AgentCalls.Answer answer, String node) throws AgentException {
    return new NodeAnswer(answer, node, answer.reply().object());
  }

  NodeServices services() throws AgentException {
    SortedSet<String> ids = new TreeSet<>();
    SortedMap<String, Marks> marks = new TreeMap<>();
    for (JsonNode row : rows()) {
      String id = row.path("ID").asText("");
      if (id.isEmpty()) {
        throw answer.reply().garbled("has a service without an ID");
      }
      ids.add(id);
      Marks.in(AgentJson.meta(row)).ifPresent(mark -> marks.put(id, mark));
    }
    return new NodeServices(index(), isKnown(), ids, marks);
  }

  /** Returns the services themselves; none where the node is not known. */
  JsonNode rows() throws AgentException {
    JsonNode services = body.path("Services");
    if (!services.isArray() && !services.isNull()) {
      throw answer.reply().garbled("lists no services");
    }
    if (!isKnown() && !services.isEmpty()) {
      throw answer.reply().garbled("has services and no node");
    }
    return services;
  }

  /** Checks that the leader made sure that it leads, where the answer tells how it came about. */
  void checkConsistent() throws AgentException {
    String how = answer.headers().get("X-Consul-Effective-Consistency");
    if (how != null && !how.equals("consistent")) {
      throw answer.reply().garbled("is not consistent but '" + how + "'");
    }
  }

  private boolean isKnown() throws AgentException {
    JsonNode told = body.path("Node");
    if (told.isMissingNode()) {
      throw answer.reply().garbled("is not the servers': it tells of no node");
    }
    if (told.isNull()) {
      return false;
    }
    if (!told.path("Node").asText("").equalsIgnoreCase(node)) {
      throw answer.reply().garbled("is about another node than \"" + node + "\"");
    }
    return true;
  }

  private long index() throws AgentException {
    String index = answer.headers().get("X-Consul-Index");
    if (index == null || !index.matches("\\d{1,18}")) {
      throw answer.reply().garbled("is not the servers': it has no index");
    }
    // Consul's rule for a reader: an index of 0 would never block.
    return Math.max(1, Long.parseLong(index));
  }
}
