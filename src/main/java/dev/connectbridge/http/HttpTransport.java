package dev.connectbridge.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/**
 * The one OkHttpClient. It asks once, follows nowhere, uses no proxy of the environment, and keeps
 * tokens out of URLs. Closing it closes the connections that every client derived from it shares.
 */
public final class HttpTransport implements AutoCloseable {

  /** The header that carries the token. */
  public static final String TOKEN = "X-Consul-Token";

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration CALL = Duration.ofSeconds(10);

  private final HttpUrl base;
  private final TokenInterceptor token;
  private final OkHttpClient client;

  /**
   * How to reach the agent.
   *
   * @param address {@code http://host:port}, {@code https://host:port}, {@code unix:///path}, or
   *     {@code host:port} alone
   * @param token asked before every request, so that a token file may change; blank is none
   * @param tls what is decided about TLS, for an address with https
   */
  public record Options(String address, Supplier<Optional<String>> token, Tls tls) {

    /** Creates the options for an agent whose certificate Java trusts, or that has none. */
    public Options(String address, Supplier<Optional<String>> token) {
      this(address, token, Tls.DEFAULT);
    }

    /** Returns the options for an agent that wants no token. */
    public static Options open(String address) {
      return new Options(address, Optional::empty);
    }
  }

  /**
   * Connects to nobody yet.
   *
   * @throws IllegalArgumentException when the address has another form
   * @throws UncheckedIOException when the files for TLS cannot be used
   */
  public HttpTransport(Options options) {
    this(options, Optional.empty());
  }

  /** Returns one whose requests go nowhere: somebody in this process answers them all. */
  public static HttpTransport answeredBy(Options options, Interceptor answers) {
    return new HttpTransport(options, Optional.of(answers));
  }

  private HttpTransport(Options options, Optional<Interceptor> answers) {
    AgentAddress address = AgentAddress.parse(options.address());
    this.base = address.base();
    this.token = new TokenInterceptor(base, options.token());
    OkHttpClient.Builder builder = address.on(withTls(options.tls())).addInterceptor(token);
    answers.ifPresent(builder::addInterceptor);
    this.client =
        builder
            .protocols(List.of(Protocol.HTTP_1_1))
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .proxy(Proxy.NO_PROXY)
            .cookieJar(CookieJar.NO_COOKIES)
            .connectTimeout(CONNECT)
            .callTimeout(CALL)
            .build();
  }

  private OkHttpClient.Builder withTls(Tls tls) {
    OkHttpClient.Builder builder = new OkHttpClient.Builder();
    if (!base.isHttps()) {
      return builder;
    }
    try {
      return new TlsSockets(tls).on(builder);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Returns the agent's root; with a unix socket it is made up. */
  public HttpUrl base() {
    return base;
  }

  /** Returns the client; what needs other timeouts derives its own by {@code newBuilder()}. */
  public OkHttpClient client() {
    return client;
  }

  /**
   * Returns what somebody answered, for people to read: the token blotted out if it is in there.
   */
  public String withoutToken(String text) {
    return token.withoutToken(text);
  }

  /**
   * Returns a mark of the token that the next request will carry: the same for the same token as
   * long as this process lives, empty for none. The token cannot be told from it.
   *
   * @throws IOException when the token cannot be read
   */
  public String tokenMark() throws IOException {
    return token.mark();
  }

  /** Returns the mark of another token. */
  public static String markOf(OtherToken other) {
    return TokenInterceptor.mark(other.secret());
  }

  /** Forgets the idle connections: after one broke, the others are as dead. */
  public void forgetConnections() {
    client.connectionPool().evictAll();
  }

  @Override
  public void close() {
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    forgetConnections();
  }
}
