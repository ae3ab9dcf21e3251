package dev.connectbridge.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Requests to the engine, each made once. Closing it breaks off those that are under way. */
final class Engine implements AutoCloseable {
  private static final int LOOKS = 5;

  /** Starting a container waits for the kernel, and for the other containers that are started. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final Duration PULL = Duration.ofMinutes(30);
  private static final MediaType JSON = MediaType.get("application/json");
  private static final String TCP = "tcp://";

  private final String address;
  private final HttpTransport transport;
  private final CallsUnderWay underWay = new CallsUnderWay();
  private final OkHttpClient asking;
  private final OkHttpClient pulling;
  private final OkHttpClient listening;
  private volatile Optional<Peer> peer = Optional.empty();
  private volatile boolean closed;

  Engine(String address) {
    this.address = address;
    this.transport = transport(address);
    // No connection is kept: one that an engine left behind would fail the next request, and that
    // may be a signal.
    OkHttpClient fresh =
        transport
            .client()
            .newBuilder()
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .addInterceptor(this::unlessClosed)
            .eventListener(underWay)
            .build();
    this.asking = fresh.newBuilder().callTimeout(ANSWER).readTimeout(ANSWER).build();
    this.pulling = fresh.newBuilder().callTimeout(PULL).readTimeout(SILENCE).build();
    this.listening =
        fresh.newBuilder().callTimeout(Duration.ZERO).readTimeout(Duration.ZERO).build();
  }

  /** A request that is made too late to be broken off is not begun. */
  private Response unlessClosed(Interceptor.Chain chain) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    return chain.proceed(chain.request());
  }

  private static HttpTransport transport(String address) {
    try {
      String http = address.startsWith(TCP) ? "http://" + address.substring(TCP.length()) : address;
      return new HttpTransport(HttpTransport.Options.open(http));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the Docker engine's address is unix:///path or tcp://host:port", e);
    }
  }

  /** Returns a URL of the engine's API; the segments are encoded whatever they hold. */
  HttpUrl.Builder url(String... segments) throws TaskException {
    HttpUrl.Builder url = transport.base().newBuilder().addPathSegment("v" + peer().version());
    for (String segment : segments) {
      url.addPathSegment(segment);
    }
    return url;
  }

  /** Returns who answers. */
  Peer peer() throws TaskException {
    Optional<Peer> known = peer;
    if (known.isPresent()) {
      return known.get();
    }
    HttpUrl url = transport.base().newBuilder().addPathSegment("version").build();
    Reply reply = send(new Request.Builder().url(url).build());
    if (!reply.isOk()) {
      throw new TaskException(
          Kind.UNAVAILABLE, engine() + " does not say its version: " + reply.status(), null);
    }
    Peer found = Peer.of(reply.json());
    peer = Optional.of(found);
    return found;
  }

  /** Asks again when what was looked at has ended just then. */
  Reply get(HttpUrl.Builder url) throws TaskException {
    Request request = new Request.Builder().url(url.build()).build();
    Reply reply = send(request);
    for (int more = 1; more < LOOKS && reply.saysItEndedMeanwhile(); more++) {
      reply = send(request);
    }
    return reply;
  }

  Reply post(HttpUrl.Builder url) throws TaskException {
    return send(new Request.Builder().url(url.build()).post(nothing()).build());
  }

  Reply post(HttpUrl.Builder url, JsonNode body) throws TaskException {
    return send(new Request.Builder().url(url.build()).post(json(body)).build());
  }

  Reply delete(HttpUrl.Builder url) throws TaskException {
    return send(new Request.Builder().url(url.build()).delete().build());
  }

  private Reply send(Request request) throws TaskException {
    try (Response response = asking.newCall(request).execute()) {
      return reply(response);
    } catch (IOException e) {
      throw unanswered(request, e);
    }
  }

  /** Returns a call whose answer ends when the engine has nothing more to tell. */
  Call listen(HttpUrl.Builder url) {
    return listening.newCall(new Request.Builder().url(url.build()).build());
  }

  /** Returns a call that starts something and whose answer is what that writes. */
  Call listen(HttpUrl.Builder url, JsonNode body) {
    return listening.newCall(new Request.Builder().url(url.build()).post(json(body)).build());
  }

  Call pull(HttpUrl.Builder url) {
    return pulling.newCall(new Request.Builder().url(url.build()).post(nothing()).build());
  }

  static Reply reply(Response response) throws IOException {
    return new Reply(asked(response.request()), response.code(), response.body().string());
  }

  /** Returns what a request that got no whole answer means. */
  TaskException unanswered(Request request, IOException e) {
    peer = Optional.empty(); // another engine may answer next time
    Throwable first = e;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String why = Optional.ofNullable(first.getMessage()).orElse(first.getClass().getSimpleName());
    return new TaskException(
        Kind.UNAVAILABLE,
        engine() + " does not answer (" + asked(request) + "): " + Reply.oneLine(why),
        e);
  }

  private String engine() {
    return "the Docker engine at " + address;
  }

  /** The query is left out: it is long, and says nothing that the caller does not know. */
  private static String asked(Request request) {
    return request.method() + " " + request.url().encodedPath();
  }

  /** Returns a filter as the engine reads it: {@code {"label":["a=b"]}}. */
  static String filter(String... keysAndValues) {
    var filter = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      filter.withArray("/" + keysAndValues[i]).add(keysAndValues[i + 1]);
    }
    return filter.toString();
  }

  private static RequestBody nothing() {
    return RequestBody.create(new byte[0]);
  }

  private static RequestBody json(JsonNode body) {
    return RequestBody.create(body.toString(), JSON);
  }

  @Override
  public void close() {
    closed = true;
    underWay.cancel();
    transport.close();
  }
}
