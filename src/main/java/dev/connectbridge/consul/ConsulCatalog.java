package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.consul.ConsulAgent.Rule;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.resolve.ServiceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import okhttp3.Call;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** The servers over HTTP, through the agent. */
final class ConsulCatalog implements CatalogApi, ConsulAgent.Closing {
  /** What an answer may take beyond the time that it waits. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  /** So many IDs make a URL that everybody between us and the agent still takes. */
  private static final int MOST_IDS = 40;

  /** Who asks for more has all of a node's services told at once. */
  private static final int MOST_PARTS = 3;

  /** Servers that take longer are not waited for; the agent is looked at instead, for 300 ms. */
  private static final Duration SOON = Duration.ofMillis(600);

  private final HttpTransport transport;
  private final AgentCalls calls;
  private final Authorizer authorizer;

  private final Dispatcher blocked = new Dispatcher();
  private volatile boolean closed;

  ConsulCatalog(HttpTransport transport, AgentCalls calls) {
    this.transport = transport;
    this.calls = calls.toServers();
    this.authorizer = new Authorizer(this.calls);
  }

  @Override
  public NodeServices ours(String node, long index, Duration wait) throws AgentException {
    HttpUrl.Builder url =
        nodeServices(node).newBuilder().addQueryParameter("filter", CatalogFilter.OURS);
    if (index > 0) {
      url.addQueryParameter("index", String.valueOf(index));
      url.addQueryParameter("wait", GoDuration.of(wait));
    }
    return NodeAnswer.of(calls.block(blockedCall(url.build(), wait)), node).services();
  }

  /** Consul adds up to a sixteenth to a wait. */
  private Call blockedCall(HttpUrl url, Duration wait) throws AgentException {
    Duration longest = wait.plus(wait.dividedBy(16)).plus(MARGIN);
    OkHttpClient client =
        transport
            .client()
            .newBuilder()
            .dispatcher(blocked)
            .callTimeout(longest)
            .readTimeout(Duration.ZERO)
            .build();
    Call call = client.newCall(new Request.Builder().url(url).build());
    if (closed) {
      throw new AgentException(AgentException.Kind.UNREACHABLE, "closed", null);
    }
    return call;
  }

  Optional<List<Rule>> missing(List<Rule> wanted) throws AgentException {
    return authorizer.missing(wanted);
  }

  @Override
  public void unblock() {
    blocked.cancelAll();
  }

  @Override
  public void close() {
    closed = true;
    unblock();
  }

  @Override
  public NodeServices held(String node, Collection<String> ids) throws AgentException {
    SortedSet<String> found = new TreeSet<>();
    boolean known = true;
    long index = 1;
    for (List<String> some : inParts(ids, MOST_IDS)) {
      NodeServices part = consistent(node, some).services();
      known &= part.nodeKnown();
      found.addAll(part.ids());
      index = part.index();
    }
    found.retainAll(new TreeSet<>(ids));
    return new NodeServices(index, known, found);
  }

  private NodeAnswer consistent(String node, List<String> ids) throws AgentException {
    HttpUrl.Builder url = nodeServices(node).newBuilder().addQueryParameter("consistent", null);
    CatalogFilter.anyOf(ids).ifPresent(filter -> url.addQueryParameter("filter", filter));
    Call call = calls.reads().newCall(new Request.Builder().url(url.build()).build());
    NodeAnswer answer = NodeAnswer.of(calls.ask(call), node);
    answer.checkConsistent();
    return answer;
  }

  /** Returns whether a node has of such IDs as ours none but those listed, as any server says. */
  boolean isWithin(String node, Set<String> listed, Set<String> among) throws AgentException {
    boolean all = among.isEmpty() || among.size() > MOST_PARTS * MOST_IDS;
    List<List<String>> parts = all ? List.of(List.of()) : inParts(among, MOST_IDS);
    for (List<String> part : parts) {
      HttpUrl.Builder url = nodeServices(node).newBuilder().addQueryParameter("stale", null);
      CatalogFilter.anyOf(part).ifPresent(filter -> url.addQueryParameter("filter", filter));
      OkHttpClient soon = calls.reads().newBuilder().callTimeout(SOON).build();
      Call call = soon.newCall(new Request.Builder().url(url.build()).build());
      NodeServices held = NodeAnswer.of(calls.ask(call), node).services();
      Set<String> others = new TreeSet<>(held.ids());
      others.removeIf(id -> !ServiceId.looksOurs(id) || listed.contains(id));
      if (!held.nodeKnown() || !others.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private HttpUrl nodeServices(String node) {
    return calls.url("/v1/catalog/node-services", node);
  }

  @Override
  public Grant mayRead(String node, Collection<String> services) throws AgentException {
    List<Rule> wanted = new ArrayList<>(List.of(new Rule("node", node, "read")));
    new TreeSet<>(services).forEach(service -> wanted.add(new Rule("service", service, "read")));
    return authorizer
        .missing(wanted)
        .map(missing -> new Grant(true, missing.stream().map(ConsulCatalog::right).toList()))
        .orElse(new Grant(false, List.of()));
  }

  private static Right right(Rule rule) {
    return new Right(rule.resource(), rule.name());
  }

  @Override
  public boolean aclsOn() throws AgentException {
    return authorizer.aclsOn();
  }

  @Override
  public boolean removeGhost(String node, String id) throws AgentException {
    for (JsonNode row : consistent(node, List.of(id)).rows()) {
      if (row.path("ID").asText().equals(id)) {
        removeRow(row, id);
        return true;
      }
    }
    return false;
  }

  private void removeRow(JsonNode row, String id) throws AgentException {
    try {
      calls.drain(calls.url(AgentRequests.REGISTER), EntryJson.body(row)).written();
      Reply removed = calls.drain(calls.url("/v1/agent/service/deregister", id));
      if (!removed.saysGone()) {
        removed.written();
      }
    } catch (AgentException e) {
      throw e.kind() == AgentException.Kind.FORBIDDEN ? forbidden(row, e) : e;
    }
  }

  /** A proxy takes the right to write what it is the proxy of as well. */
  private static AgentException forbidden(JsonNode row, AgentException e) {
    SortedSet<String> names = new TreeSet<>();
    names.add("service:write on \"%s\"".formatted(row.path("Service").asText()));
    String behind = row.path("Proxy").path("DestinationServiceName").asText("");
    if (!behind.isEmpty()) {
      names.add("service:write on \"%s\"".formatted(behind));
    }
    return new AgentException(
        e.kind(),
        "the token may not remove it; that takes %s: %s"
            .formatted(String.join(" and ", names), e.getMessage()),
        e);
  }

  @Override
  public boolean allows(String source, String destination) throws AgentException {
    HttpUrl url =
        calls
            .url("/v1/connect/intentions/check")
            .newBuilder()
            .addQueryParameter("source", source)
            .addQueryParameter("destination", destination)
            .build();
    Reply reply = calls.get(url);
    JsonNode allowed = reply.object().path("Allowed");
    if (!allowed.isBoolean()) {
      throw reply.garbled("does not say whether it is allowed");
    }
    return allowed.booleanValue();
  }

  @Override
  public int connectable(String service, String datacenter) throws AgentException {
    HttpUrl.Builder url =
        calls.url("/v1/health/connect", service).newBuilder().addQueryParameter("passing", null);
    if (!datacenter.isEmpty()) {
      url.addQueryParameter("dc", datacenter);
    }
    return calls.get(url.build()).array().size();
  }

  private static List<List<String>> inParts(Collection<String> all, int most) {
    List<String> list = List.copyOf(all);
    List<List<String>> parts = new ArrayList<>();
    for (int from = 0; from < list.size(); from += most) {
      parts.add(list.subList(from, Math.min(list.size(), from + most)));
    }
    return parts;
  }
}
