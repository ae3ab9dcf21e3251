package dev.connectbridge.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.consul.ConsulAgent.Rule;
import dev.connectbridge.http.HttpTransport;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Sessions and keys over HTTP, through the agent. */
final class ConsulLock implements CatalogApi.Lock, ConsulAgent.Closing {
  private static final Duration WAIT = Duration.ofMinutes(5);

  /** Consul adds up to a sixteenth to a wait. */
  private static final Duration LONGEST = WAIT.plus(WAIT.dividedBy(16)).plusSeconds(10);

  private static final String KEYS = "/v1/kv";

  private final AgentCalls calls;
  private final Authorizer authorizer;
  private final OkHttpClient watches;
  private Optional<Call> watching = Optional.empty();
  private boolean closed;

  ConsulLock(HttpTransport transport, AgentCalls calls) {
    this.calls = calls.toServers();
    this.authorizer = new Authorizer(this.calls);
    this.watches =
        transport
            .client()
            .newBuilder()
            .dispatcher(new Dispatcher())
            .callTimeout(LONGEST)
            .readTimeout(Duration.ZERO)
            .build();
  }

  /** Returns what it takes to have the lock of a node's key. */
  static List<Rule> rules(String node, String key) {
    return List.of(new Rule("session", node, "write"), new Rule("key", key, "write"));
  }

  @Override
  public List<String> missing(String node, String key) throws AgentException {
    return authorizer.missing(rules(node, key)).orElse(List.of()).stream()
        .map(Rule::toString)
        .toList();
  }

  @Override
  public String open(String name) throws AgentException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("Name", name).put("Behavior", "release").put("LockDelay", "0s");
    Reply reply = put(calls.url("/v1/session/create"), body.toString());
    String id = reply.object().path("ID").asText("");
    if (id.isEmpty()) {
      throw reply.garbled("names no session");
    }
    return id;
  }

  @Override
  public boolean isOpen(String session) throws AgentException {
    return !calls.get(calls.url("/v1/session/info", session)).array().isEmpty();
  }

  @Override
  public void close(String session) throws AgentException {
    put(calls.url("/v1/session/destroy", session), "").written();
  }

  @Override
  public boolean acquire(String key, String session, String value) throws AgentException {
    return write(key, "acquire", session, value);
  }

  @Override
  public boolean release(String key, String session, String value) throws AgentException {
    return write(key, "release", session, value);
  }

  private boolean write(String key, String how, String session, String value)
      throws AgentException {
    HttpUrl url = url(key).newBuilder().addQueryParameter(how, session).build();
    Reply reply = put(url, value);
    reply.written();
    return switch (reply.text().strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw reply.garbled("is neither true nor false");
    };
  }

  /** How the servers take a write says nothing of the agent, so its breaker hears nothing of it. */
  private Reply put(HttpUrl url, String body) throws AgentException {
    Request request =
        new Request.Builder().url(url).put(RequestBody.create(body.getBytes(UTF_8))).build();
    return calls.ask(calls.reads().newCall(request)).reply();
  }

  private HttpUrl url(String key) {
    return calls.url(KEYS, key.split("/", -1));
  }

  @Override
  public CatalogApi.Held read(String key) throws AgentException {
    HttpUrl url = url(key).newBuilder().addQueryParameter("consistent", null).build();
    return held(calls.answer(url));
  }

  /** That there is no such key has no text, so the servers must have said so in a header. */
  private static CatalogApi.Held held(AgentCalls.Answer answer) throws AgentException {
    String said = answer.headers().get("X-Consul-Index");
    if (said == null || !said.matches("[0-9]{1,18}")) {
      throw answer.reply().isOk()
          ? answer.reply().garbled("has no index")
          : answer.reply().refusal();
    }
    long index = Math.max(1, Long.parseLong(said));
    if (answer.reply().status() == 404) {
      return new CatalogApi.Held(index, Optional.empty(), 0, "");
    }
    JsonNode key = answer.reply().array().path(0);
    Optional<String> session =
        Optional.of(key.path("Session").asText("")).filter(id -> !id.isEmpty());
    return new CatalogApi.Held(
        index, session, key.path("LockIndex").asLong(), value(answer.reply(), key));
  }

  private static String value(Reply reply, JsonNode key) throws AgentException {
    try {
      return new String(Base64.getDecoder().decode(key.path("Value").asText("")), UTF_8);
    } catch (IllegalArgumentException e) {
      throw reply.garbled("holds a value that is not base64");
    }
  }

  @Override
  public synchronized void watch(String key, CatalogApi.Held was, Runnable changed) {
    unwatch();
    if (closed) {
      return;
    }
    HttpUrl url =
        url(key)
            .newBuilder()
            .addQueryParameter("index", Long.toString(was.index()))
            .addQueryParameter("wait", GoDuration.of(WAIT))
            .build();
    Call call = watches.newCall(new Request.Builder().url(url).build());
    watching = Optional.of(call);
    Thread thread = new Thread(() -> await(call, changed), "consul-lock");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whatever comes of it, whoever asks again reads the key itself. */
  private void await(Call call, Runnable changed) {
    try {
      calls.block(call);
    } catch (AgentException e) {
      // cannot be told: then it may be other than it was
    }
    if (!call.isCanceled()) {
      changed.run();
    }
  }

  @Override
  public synchronized void unwatch() {
    watching.ifPresent(Call::cancel);
    watching = Optional.empty();
  }

  @Override
  public synchronized void close() {
    closed = true;
    unwatch();
  }
}
