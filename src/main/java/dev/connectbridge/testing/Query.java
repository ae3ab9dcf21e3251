package dev.connectbridge.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The parts of a target, decoded. */
final class Query {
  private Query() {}

  /** Returns the parameters; of one that is said twice the first. */
  static Map<String, String> of(String target) {
    int mark = target.indexOf('?');
    if (mark < 0) {
      return Map.of();
    }
    Map<String, String> parameters = new HashMap<>();
    for (String pair : target.substring(mark + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      parameters.putIfAbsent(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
    }
    return parameters;
  }

  /** Returns a path with its escapes resolved; a plus sign stays one. */
  static String path(String encoded) {
    return encoded.indexOf('%') < 0 ? encoded : decoded(encoded.replace("+", "%2B"));
  }

  /** Returns a path as Consul's router wants it, without empty and dotted segments. */
  static String clean(String path) {
    StringBuilder clean = new StringBuilder();
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      String segment = segments[i];
      if (segment.equals("..")) {
        clean.setLength(Math.max(0, clean.lastIndexOf("/")));
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        clean.append('/').append(segment);
      }
    }
    String last = segments[segments.length - 1];
    boolean slash = last.isEmpty() || last.equals(".") || last.equals("..");
    return clean + (slash ? "/" : "");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
