package dev.connectbridge.control;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The connections to the agent that the built-in proxies of this machine need. Beyond what the
 * agent takes from one client it hangs up on everybody on the machine, the bridge included.
 *
 * @param proxies how many built-in proxies there are
 * @param limit how many connections the agent takes from one client; 0 or less is any number
 */
public record Connections(int proxies, int limit) {
  /** What Consul takes unless its {@code limits.http_max_conns_per_client} says otherwise. */
  public static final int USUAL_LIMIT = 200;

  /** Each holds 3 or 4. */
  private static final int EACH = 4;

  /** Returns those of so many proxies; an agent that does not tell its limit has the usual one. */
  public static Connections of(int proxies, OptionalInt told) {
    return new Connections(proxies, told.orElse(USUAL_LIMIT));
  }

  /** Returns how many the proxies need at most. */
  public int needed() {
    return proxies * EACH;
  }

  /** Returns what is to be done before they run out; empty while a quarter is left. */
  public Optional<String> warning() {
    if (limit <= 0 || needed() * 4L <= limit * 3L) {
      return Optional.empty();
    }
    return Optional.of(
        ("%d built-in proxies need up to %d of the %d connections that the agent takes from one"
                + " client; beyond that it answers nobody on this machine: raise Consul's"
                + " limits.http_max_conns_per_client, or let Envoy run")
            .formatted(proxies, needed(), limit));
  }
}
