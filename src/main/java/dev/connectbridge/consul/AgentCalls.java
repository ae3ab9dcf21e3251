package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.http.OtherToken;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.time.Duration;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Requests to the agent, each made once, or not at all while it is known to be of no use. */
final class AgentCalls {
  /** How long the agent may take for what it knows by itself. */
  static final Duration READ = Duration.ofSeconds(2);

  /** Servers without a leader answer late, and what they say then is worth waiting for. */
  private static final Duration SERVERS = Duration.ofSeconds(10);

  /** A server without a leader takes 7 s for a write that it has already applied. */
  private static final Duration WRITE = Duration.ofSeconds(10);

  private static final MediaType JSON = MediaType.get("application/json");

  private final HttpTransport transport;
  private final Traffic traffic;
  private final AgentBreaker breaker;
  private final Lane readLane;
  private final OkHttpClient reads;
  private final OkHttpClient writes;

  private AgentCalls(
      HttpTransport transport, Traffic traffic, AgentBreaker breaker, Lane readLane) {
    this.transport = transport;
    this.traffic = traffic;
    this.breaker = breaker;
    this.readLane = readLane;
    Duration read = readLane == Lane.SERVERS ? SERVERS : READ;
    this.reads = transport.client().newBuilder().callTimeout(read).readTimeout(read).build();
    this.writes = transport.client().newBuilder().callTimeout(WRITE).readTimeout(WRITE).build();
  }

  /** Returns the calls to an agent. */
  static AgentCalls of(HttpTransport transport, Traffic traffic, Ticker ticker) {
    return new AgentCalls(transport, traffic, new AgentBreaker(ticker), Lane.READ);
  }

  /** Returns the calls to the servers behind the same agent; how those are says nothing of it. */
  AgentCalls toServers() {
    return new AgentCalls(transport, traffic, breaker, Lane.SERVERS);
  }

  OkHttpClient reads() {
    return reads;
  }

  /** Returns the URL below the agent's root; the last segment is encoded whatever it holds. */
  HttpUrl url(String path, String... last) {
    HttpUrl.Builder url = transport.base().newBuilder().addPathSegments(path.substring(1));
    for (String segment : last) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("no URL can address the ID '" + segment + "'");
      }
      url.addPathSegment(segment);
    }
    return url.build();
  }

  Reply get(String path) throws AgentException {
    return get(url(path));
  }

  Reply get(HttpUrl url) throws AgentException {
    return ask(reads.newCall(new Request.Builder().url(url).build())).reply();
  }

  /** Sends a JSON body where it is a question. */
  Reply post(HttpUrl url, JsonNode body) throws AgentException {
    RequestBody question = RequestBody.create(body.toString(), JSON);
    return ask(reads.newCall(new Request.Builder().url(url).post(question).build())).reply();
  }

  /** Returns the answer with its headers. */
  Answer answer(HttpUrl url) throws AgentException {
    return ask(reads.newCall(new Request.Builder().url(url).build()));
  }

  /** Asks something of the kind that these calls are for. */
  Answer ask(Call call) throws AgentException {
    return read(asked(call.request()), () -> exchange(call));
  }

  /**
   * Asks by whatever way leads to the agent; a failing one throws what {@link #unanswered} says.
   */
  Answer read(String asked, Exchange exchange) throws AgentException {
    return traffic.in(
        readLane, asked, () -> readLane == Lane.READ ? breaker.read(exchange) : exchange.run());
  }

  /** Asks what is answered when something changes. */
  Answer block(Call call) throws AgentException {
    return traffic.in(Lane.BLOCKED, asked(call.request()), () -> exchange(call));
  }

  Reply put(HttpUrl url) throws AgentException {
    return write(Lane.WRITE, url, RequestBody.create(new byte[0]));
  }

  Reply put(HttpUrl url, JsonNode body) throws AgentException {
    return write(Lane.WRITE, url, RequestBody.create(body.toString(), JSON));
  }

  /** Writes with another token than ours. */
  Reply put(HttpUrl url, JsonNode body, OtherToken token) throws AgentException {
    RequestBody content = RequestBody.create(body.toString(), JSON);
    return write(
        Lane.WRITE,
        new Request.Builder().url(url).put(content).tag(OtherToken.class, token).build());
  }

  /** Writes for a drain, which waits for nobody else to find out that the agent is back. */
  Reply drain(HttpUrl url) throws AgentException {
    return drain(url, RequestBody.create(new byte[0]));
  }

  Reply drain(HttpUrl url, JsonNode body) throws AgentException {
    return drain(url, RequestBody.create(body.toString(), JSON));
  }

  private Reply drain(HttpUrl url, RequestBody body) throws AgentException {
    if (!breaker.isClosed()) {
      Request look = new Request.Builder().url(url("/v1/agent/service", "any")).build();
      breaker.read(() -> exchange(reads.newCall(look)));
    }
    return write(Lane.DRAIN, url, body);
  }

  private Reply write(Lane lane, HttpUrl url, RequestBody body) throws AgentException {
    return write(lane, new Request.Builder().url(url).put(body).build());
  }

  private Reply write(Lane lane, Request request) throws AgentException {
    String asked = asked(request);
    if (!breaker.isClosed()) {
      throw Traffic.notSent(asked, "the agent has not answered lately");
    }
    return traffic
        .in(lane, asked, () -> breaker.write(() -> exchange(writes.newCall(request))))
        .reply();
  }

  private static String asked(Request request) {
    return request.method() + " " + request.url().encodedPath();
  }

  /** One exchange with the agent. */
  @FunctionalInterface
  interface Exchange {
    Answer run() throws AgentException;
  }

  /**
   * An answer with what its headers say.
   *
   * @param reply the answer
   * @param headers its headers
   */
  record Answer(Reply reply, Headers headers) {}

  private Answer exchange(Call call) throws AgentException {
    String asked = asked(call.request());
    try (Response response = call.execute()) {
      String type = response.header("Content-Type", "");
      String text = transport.withoutToken(response.body().string());
      return new Answer(new Reply(asked, response.code(), type, text), response.headers());
    } catch (IOException e) {
      throw unanswered(asked, e);
    }
  }

  /** Returns what a request that got no whole answer means. */
  AgentException unanswered(String asked, IOException e) {
    transport.forgetConnections();
    String text = String.valueOf(e.getMessage());
    String said = transport.withoutToken(text);
    IOException cause = said.equals(text) ? e : null; // which would be printed with the token
    if (e instanceof InterruptedIOException) {
      return new AgentException(Kind.TIMEOUT, asked + ": " + late(asked), cause);
    }
    if (transport.base().isHttps() && !(e instanceof ConnectException)) {
      return new AgentException(Kind.UNREACHABLE, asked + ": " + TlsTrouble.of(e, said), cause);
    }
    if (e instanceof ProtocolException || e instanceof EOFException) {
      return new AgentException(Kind.GARBLED, asked + ": the answer is cut short: " + said, cause);
    }
    return new AgentException(Kind.UNREACHABLE, asked + ": " + said, cause);
  }

  private static String late(String asked) {
    return asked.startsWith("PUT ")
        ? "no answer in time, so it may be done or not; it will be looked at again"
        : "no answer in time";
  }
}
