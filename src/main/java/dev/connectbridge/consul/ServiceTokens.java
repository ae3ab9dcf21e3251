package dev.connectbridge.consul;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.http.OtherToken;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;

/** What services are registered with in place of our own token. */
final class ServiceTokens {
  private static final String UNREADABLE = "unreadable";

  private final Function<String, Optional<String>> tokens;

  ServiceTokens(Function<String, Optional<String>> tokens) {
    this.tokens = tokens;
  }

  /**
   * Returns that of a service, by its name; empty is our own.
   *
   * @throws AgentException when it has one that cannot be read: ours would not be what was meant
   */
  Optional<OtherToken> of(String service) throws AgentException {
    try {
      return tokens.apply(service).map(OtherToken::new);
    } catch (UncheckedIOException e) {
      throw new AgentException(
          Kind.FORBIDDEN,
          "it has a token of its own, and %s".formatted(e.getCause().getMessage()),
          e);
    }
  }

  /** Returns a mark of it, as {@link AgentApi#tokenMark} does; empty where it has none. */
  Optional<String> mark(String service) {
    try {
      return tokens.apply(service).map(OtherToken::new).map(HttpTransport::markOf);
    } catch (UncheckedIOException e) {
      return Optional.of(UNREADABLE);
    }
  }
}
