package dev.connectbridge.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Takes tokens out of every URL and header, and puts ours into one header, for one host alone. */
final class TokenInterceptor implements Interceptor {
  private final HttpUrl host;
  private final Supplier<Optional<String>> token;
  private volatile String lastSent = "";

  TokenInterceptor(HttpUrl host, Supplier<Optional<String>> token) {
    this.host = host;
    this.token = token;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    HttpUrl url = request.url().newBuilder().removeAllQueryParameters("token").build();
    Request.Builder changed = request.newBuilder().url(url).removeHeader(HttpTransport.TOKEN);
    if (isTheAgent(url)) {
      read()
          .ifPresent(
              ours -> {
                lastSent = ours;
                changed.header(HttpTransport.TOKEN, ours);
              });
    }
    return chain.proceed(changed.build());
  }

  /** Returns a text without the token that was sent last, should it have been echoed. */
  String withoutToken(String text) {
    String secret = lastSent;
    return secret.isEmpty() ? text : text.replace(secret, "(token)");
  }

  private boolean isTheAgent(HttpUrl url) {
    return url.scheme().equals(host.scheme())
        && url.host().equals(host.host())
        && url.port() == host.port();
  }

  private Optional<String> read() throws IOException {
    Optional<String> ours;
    try {
      ours = token.get().map(String::strip).filter(text -> !text.isEmpty());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    // OkHttp would refuse it too, but with the token in the message.
    if (ours.isPresent() && !ours.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException("the token holds characters that no header can carry");
    }
    return ours;
  }
}
