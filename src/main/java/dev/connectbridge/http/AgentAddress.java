package dev.connectbridge.http;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** Where the agent listens, as CONSUL_HTTP_ADDR writes it. */
record AgentAddress(HttpUrl base, Optional<UnixSocketFactory> sockets) {
  private static final String UNIX = "unix://";

  static AgentAddress parse(String text) {
    if (text.startsWith(UNIX)) {
      return unix(text.substring(UNIX.length()));
    }
    HttpUrl url = HttpUrl.parse(text.contains("://") ? text : "http://" + text);
    if (url == null) {
      throw refused();
    }
    if (!url.username().isEmpty() || !url.password().isEmpty() || url.query() != null) {
      throw refused();
    }
    return new AgentAddress(url.newBuilder().fragment(null).build(), Optional.empty());
  }

  private static AgentAddress unix(String path) {
    if (path.isEmpty()) {
      throw refused();
    }
    return new AgentAddress(
        HttpUrl.get("http://localhost/"), Optional.of(new UnixSocketFactory(Path.of(path))));
  }

  /** Says nothing of the text itself: it may hold a password. */
  private static IllegalArgumentException refused() {
    return new IllegalArgumentException(
        "the agent's address is http://host:port, https://host:port, unix:///path or host:port");
  }

  OkHttpClient.Builder on(OkHttpClient.Builder builder) {
    sockets.ifPresent(
        unix -> builder.socketFactory(unix).dns(host -> List.of(InetAddress.getLoopbackAddress())));
    return builder;
  }
}
