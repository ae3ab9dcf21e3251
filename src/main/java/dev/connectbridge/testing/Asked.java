package dev.connectbridge.testing;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What somebody asks of an agent.
 *
 * @param method the HTTP method
 * @param target the path with its query, encoded as on the wire
 * @param headers the headers, their names in lower case
 * @param body the body; empty when there is none
 */
public record Asked(String method, String target, SortedMap<String, String> headers, String body) {
  private static final String TOKEN = "x-consul-token";

  public Asked {
    SortedMap<String, String> lower = new TreeMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = Collections.unmodifiableSortedMap(lower);
  }

  /** Returns a question with a token, which may be empty. */
  public static Asked with(String token, String method, String target, String body) {
    Map<String, String> headers = token.isEmpty() ? Map.of() : Map.of(TOKEN, token);
    return new Asked(method, target, new TreeMap<>(headers), body);
  }

  /** Returns a question without a token. */
  public static Asked of(String method, String target, String body) {
    return with("", method, target, body);
  }

  /** Returns the path without its query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Returns whether it is to change something. */
  public boolean isWrite() {
    return method.equals("PUT") || method.equals("DELETE");
  }

  /** Consul takes a token of the query before one of the header. */
  String token() {
    String bearer = "Bearer ";
    String authorization = headers.getOrDefault("authorization", "");
    return Optional.ofNullable(Query.of(target).get("token"))
        .or(() -> Optional.ofNullable(headers.get(TOKEN)))
        .orElse(authorization.startsWith(bearer) ? authorization.substring(bearer.length()) : "");
  }
}
