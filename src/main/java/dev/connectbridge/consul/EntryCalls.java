package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Observed.HeldEntry;
import java.util.Collection;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What is asked of one entry, and written to it as it is held. What the agent asks its servers for
 * goes their way: they may take their time, and how they are says nothing of the agent.
 */
final class EntryCalls {
  private final AgentCalls calls;
  private final AgentCalls servers;

  EntryCalls(AgentCalls calls) {
    this.calls = calls;
    this.servers = calls.toServers();
  }

  /** Returns an entry as the agent shows it. */
  Optional<JsonNode> find(String id) throws AgentException {
    Reply reply = calls.get(calls.url("/v1/agent/service", id));
    if (reply.status() == 404 && reply.text().contains("unknown service ID")) {
      return Optional.empty();
    }
    JsonNode entry = reply.object();
    if (!entry.path("ID").asText("").equals(id)) {
      throw reply.garbled("is about another entry");
    }
    return Optional.of(entry);
  }

  /** Writes an entry as it is held, with our token. */
  boolean rewrite(String id) throws AgentException {
    Optional<JsonNode> entry = find(id);
    if (entry.isPresent()) {
      calls.drain(calls.url(AgentRequests.REGISTER), EntryJson.body(entry.get())).written();
    }
    return entry.isPresent();
  }

  /**
   * Has the agent keep a check with our token, as far as that may write it, so that its row goes
   * when it is deregistered: a check has a token of its own, which writing its service again leaves
   * as it was. What it said it goes on saying.
   */
  void takeOverCheck(String checkId) throws AgentException {
    String filter = "CheckID == " + JsonNodeFactory.instance.textNode(checkId);
    HttpUrl one =
        calls.url("/v1/agent/checks").newBuilder().addQueryParameter("filter", filter).build();
    JsonNode check = calls.get(one).object().path(checkId);
    if (!check.isObject()) {
      return;
    }
    Reply reply = calls.put(calls.url("/v1/agent/check/register"), HealthJson.held(check));
    if (!reply.saysServiceless()) {
      asFarAsAllowed(reply);
    }
  }

  private static void asFarAsAllowed(Reply reply) throws AgentException {
    try {
      reply.written();
    } catch (AgentException e) {
      if (e.kind().retryable()) {
        throw e;
      }
    }
  }

  /** Writes an entry without our marks. */
  boolean disown(String id) throws AgentException {
    Optional<JsonNode> entry = find(id);
    if (entry.isPresent()) {
      calls.put(calls.url(AgentRequests.REGISTER), EntryJson.unmarked(entry.get())).written();
    }
    return entry.isPresent();
  }

  boolean passesBeside(String service, String node, Collection<String> ids) throws AgentException {
    HttpUrl url =
        calls
            .url("/v1/health/service", service)
            .newBuilder()
            .addQueryParameter("passing", null)
            .build();
    for (JsonNode instance : servers.get(url).array()) {
      boolean here = node.isEmpty() || instance.path("Node").path("Node").asText("").equals(node);
      if (!here || !ids.contains(instance.path("Service").path("ID").asText(""))) {
        return true;
      }
    }
    return false;
  }

  Optional<HeldEntry> config(String kind, String name) throws AgentException {
    Reply reply = servers.get(servers.url("/v1/config/" + kind, name));
    return reply.isNotFound()
        ? Optional.empty()
        : Optional.of(ConfigEntryJson.held(kind, name, reply.object()));
  }

  void write(ConfigEntry entry, long index) throws AgentException {
    AgentRequests.Put put = AgentRequests.configEntry(entry);
    HttpUrl url =
        calls.url(put.path()).newBuilder().addQueryParameter("cas", Long.toString(index)).build();
    Reply reply = calls.put(url, put.body());
    reply.written();
    if (reply.text().strip().equals("false")) {
      throw new AgentException(
          AgentException.Kind.BROKEN,
          reply.asked() + ": " + entry.id() + " was changed by somebody else meanwhile",
          null);
    }
  }
}
