package dev.connectbridge.testing;

import dev.connectbridge.testing.Answered.Ending;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/**
 * A simulated agent without sockets, in the place of OkHttp's network. The time that an exchange
 * takes is told to who keeps the time; a query that would block is answered at once.
 */
public final class InProcess implements Interceptor {
  /** An agent answers with two or three, and taking one apart takes long. */
  private static final Map<String, MediaType> TYPES = new ConcurrentHashMap<>();

  private final SimulatedAgent agent;
  private final Consumer<Duration> passes;

  /**
   * Creates one.
   *
   * @param passes is told how long each exchange takes, {@code VirtualTime::advance} for instance
   */
  public InProcess(SimulatedAgent agent, Consumer<Duration> passes) {
    this.agent = agent;
    this.passes = passes;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Answered answer = agent.answer(asked(request));
    Duration longest = Duration.ofNanos(chain.call().timeout().timeoutNanos());
    boolean late = !longest.isZero() && answer.after().compareTo(longest) >= 0;
    if (answer.ending() == Ending.NEVER || late) {
      passes.accept(longest);
      throw new InterruptedIOException("timeout");
    }
    passes.accept(answer.after());
    return switch (answer.ending()) {
      case WHOLE -> response(request, answer);
      case CUT_SHORT -> throw new ProtocolException("unexpected end of stream");
      case REFUSED -> throw new ConnectException("Connection refused");
      case CLOSED, NEVER -> throw new SocketException("Connection reset");
    };
  }

  private static Asked asked(Request request) throws IOException {
    SortedMap<String, String> headers = new TreeMap<>();
    request.headers().forEach(header -> headers.put(header.getFirst(), header.getSecond()));
    HttpUrl url = request.url();
    String target = url.encodedPath() + (url.query() == null ? "" : "?" + url.encodedQuery());
    Buffer body = new Buffer();
    if (request.body() != null) {
      request.body().writeTo(body);
    }
    return new Asked(request.method(), target, headers, body.readUtf8());
  }

  private static Response response(Request request, Answered answer) {
    Response.Builder response =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(answer.status())
            .message("");
    answer.headers().forEach(response::header);
    String type = answer.headers().getOrDefault(Answered.TYPE, "");
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    return response.body(ResponseBody.create(body, mediaType(type))).build();
  }

  private static MediaType mediaType(String type) {
    return type.isEmpty() ? null : TYPES.computeIfAbsent(type, MediaType::get);
  }
}
