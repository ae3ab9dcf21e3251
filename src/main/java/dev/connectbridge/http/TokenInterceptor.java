package dev.connectbridge.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Takes tokens out of every URL and header, and puts ours into one header, for one host alone. */
final class TokenInterceptor implements Interceptor {
  /** Leaves this process nowhere, so that a mark that was logged or kept tells nobody a token. */
  private static final byte[] SALT = salt();

  private static final int MOST_REMEMBERED = 64;

  private final HttpUrl host;
  private final Supplier<Optional<String>> token;
  private final List<String> lastSent = new CopyOnWriteArrayList<>();

  TokenInterceptor(HttpUrl host, Supplier<Optional<String>> token) {
    this.host = host;
    this.token = token;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    HttpUrl url = request.url();
    if (url.query() != null) {
      url = url.newBuilder().removeAllQueryParameters("token").build();
    }
    Request.Builder changed = request.newBuilder().url(url).removeHeader(HttpTransport.TOKEN);
    if (isTheAgent(url)) {
      OtherToken other = request.tag(OtherToken.class);
      (other == null ? read() : usable(Optional.of(other.secret())))
          .ifPresent(
              carried -> {
                remember(carried);
                changed.header(HttpTransport.TOKEN, carried);
              });
    }
    return chain.proceed(changed.build());
  }

  /** Returns a text without the tokens that were sent last, should they have been echoed. */
  String withoutToken(String text) {
    String clean = text;
    for (String secret : lastSent) {
      clean = clean.replace(secret, "(token)");
    }
    return clean;
  }

  private void remember(String secret) {
    if (!lastSent.contains(secret)) {
      lastSent.add(secret);
      if (lastSent.size() > MOST_REMEMBERED) {
        lastSent.remove(0);
      }
    }
  }

  /** Returns a mark of the token as it is now; see {@link HttpTransport#tokenMark}. */
  String mark() throws IOException {
    return read().map(TokenInterceptor::mark).orElse("");
  }

  static String mark(String token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SALT, "HmacSHA256"));
      byte[] whole = mac.doFinal(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(whole, 0, 16);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] salt() {
    byte[] salt = new byte[32];
    new SecureRandom().nextBytes(salt);
    return salt;
  }

  private boolean isTheAgent(HttpUrl url) {
    return url.scheme().equals(host.scheme())
        && url.host().equals(host.host())
        && url.port() == host.port();
  }

  private Optional<String> read() throws IOException {
    try {
      return usable(token.get());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Optional<String> usable(Optional<String> said) throws IOException {
    Optional<String> ours = said.map(String::strip).filter(text -> !text.isEmpty());
    // OkHttp would refuse it too, but with the token in the message.
    if (ours.isPresent() && !ours.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException("the token holds characters that no header can carry");
    }
    return ours;
  }
}
