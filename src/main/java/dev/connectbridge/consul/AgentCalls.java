package dev.connectbridge.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.http.HttpTransport;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
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

/** Requests to the agent, each made once. */
final class AgentCalls {
  private static final Duration READ = Duration.ofSeconds(2);

  /** A server without a leader takes 7 s for a write that it has already applied. */
  private static final Duration WRITE = Duration.ofSeconds(10);

  private static final MediaType JSON = MediaType.get("application/json");

  private final HttpTransport transport;
  private final OkHttpClient reads;
  private final OkHttpClient writes;

  AgentCalls(HttpTransport transport) {
    this(transport, READ);
  }

  /** Reads may take longer than the agent's own lists: servers without a leader answer late. */
  AgentCalls(HttpTransport transport, Duration read) {
    this.transport = transport;
    this.reads = transport.client().newBuilder().callTimeout(read).build();
    this.writes = transport.client().newBuilder().callTimeout(WRITE).readTimeout(WRITE).build();
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

  Reply put(HttpUrl url) throws AgentException {
    return put(url, RequestBody.create(new byte[0]));
  }

  Reply put(HttpUrl url, JsonNode body) throws AgentException {
    return put(url, RequestBody.create(body.toString(), JSON));
  }

  private Reply put(HttpUrl url, RequestBody body) throws AgentException {
    return send(writes, new Request.Builder().url(url).put(body).build());
  }

  private Reply send(OkHttpClient client, Request request) throws AgentException {
    return exchange(client.newCall(request)).reply();
  }

  /** Sends a JSON body where it is a question. */
  Reply post(HttpUrl url, JsonNode body) throws AgentException {
    Request request =
        new Request.Builder().url(url).post(RequestBody.create(body.toString(), JSON)).build();
    return send(reads, request);
  }

  /** Returns the answer with its headers. */
  Answer answer(HttpUrl url) throws AgentException {
    return exchange(reads.newCall(new Request.Builder().url(url).build()));
  }

  Reply get(HttpUrl url) throws AgentException {
    return send(reads, new Request.Builder().url(url).build());
  }

  /**
   * An answer with what its headers say.
   *
   * @param reply the answer
   * @param headers its headers
   */
  record Answer(Reply reply, Headers headers) {}

  Answer exchange(Call call) throws AgentException {
    Request request = call.request();
    String asked = request.method() + " " + request.url().encodedPath();
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
    String said = transport.withoutToken(String.valueOf(e.getMessage()));
    if (e instanceof InterruptedIOException) {
      return new AgentException(Kind.TIMEOUT, asked + ": no answer in time", e);
    }
    if (e instanceof ProtocolException || e instanceof EOFException) {
      return new AgentException(Kind.GARBLED, asked + ": the answer is cut short: " + said, e);
    }
    return new AgentException(Kind.UNREACHABLE, asked + ": " + said, e);
  }
}
