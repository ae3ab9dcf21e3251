package dev.connectbridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An expression that chooses among entries, as far as its language is used. */
final class Filter {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\\(|\\)|==|!=|\"[^\"]*\"|`[^`]*`|[A-Za-z][A-Za-z0-9_]*"
              + "(?:\\.[A-Za-z_][A-Za-z0-9_]*|\\[\"[^\"]*\"\\])*|\\S)");
  private static final Set<String> KNOWN =
      Set.of(
          "ID",
          "Service",
          "Kind",
          "Tags",
          "Meta",
          "Port",
          "Address",
          "TaggedAddresses",
          "Weights",
          "EnableTagOverride",
          "Proxy",
          "Connect",
          "ServiceID",
          "ServiceName",
          "ServiceTags",
          "Status",
          "CheckID",
          "Name",
          "Node",
          "Notes",
          "Output");

  private final List<String> tokens = new ArrayList<>();
  private final Set<String> unknown;
  private int at;

  private Filter(String expression, Set<String> unknown) {
    this.unknown = unknown;
    Matcher token = TOKEN.matcher(expression);
    int end = 0;
    while (token.find(end) && token.start() == end) {
      tokens.add(token.group(1));
      end = token.end();
    }
  }

  /** A selector met an entry that has no such part: the agent's handler dies of it. */
  static final class Panic extends RuntimeException {
    private static final long serialVersionUID = 1;

    Panic() {
      super("", null, false, false);
    }
  }

  /** Returns what chooses among services; an empty expression chooses all. */
  static Predicate<JsonNode> services(String expression) {
    return of(expression, Set.of("Name", "Datacenter", "Status", "CheckID", "Node", "ServiceID"));
  }

  /** Returns what chooses among checks. */
  static Predicate<JsonNode> checks(String expression) {
    return of(expression, Set.of("Definition", "Service", "ID", "Proxy", "Connect", "Meta"));
  }

  private static Predicate<JsonNode> of(String expression, Set<String> unknown) {
    if (expression.isBlank()) {
      return any -> true;
    }
    Filter filter = new Filter(expression, unknown);
    Predicate<JsonNode> chosen = filter.either();
    if (filter.at < filter.tokens.size()) {
      throw filter.wrong();
    }
    return chosen;
  }

  private Predicate<JsonNode> either() {
    Predicate<JsonNode> one = both();
    while (take("or")) {
      one = one.or(both());
    }
    return one;
  }

  private Predicate<JsonNode> both() {
    Predicate<JsonNode> one = single();
    while (take("and")) {
      one = one.and(single());
    }
    return one;
  }

  private Predicate<JsonNode> single() {
    if (take("not")) {
      return single().negate();
    }
    if (take("(")) {
      Predicate<JsonNode> inside = either();
      if (!take(")")) {
        throw wrong();
      }
      return inside;
    }
    String first = next();
    if (take("in")) {
      return in(value(first), next());
    }
    if (take("not")) {
      if (!take("in")) {
        throw wrong();
      }
      return in(value(first), next()).negate();
    }
    return compared(first);
  }

  private Predicate<JsonNode> compared(String selector) {
    List<String> path = path(selector);
    if (take("is")) {
      boolean negated = take("not");
      if (!take("empty")) {
        throw wrong();
      }
      return entry -> negated != at(entry, path).isEmpty();
    }
    String operator = next();
    String value = value(next());
    return switch (operator) {
      case "==" -> entry -> at(entry, path).asText("").equals(value);
      case "!=" -> entry -> !at(entry, path).asText("").equals(value);
      case "contains" -> in(value, selector);
      case "matches" -> {
        Pattern pattern = Pattern.compile(value);
        yield entry -> pattern.matcher(at(entry, path).asText("")).find();
      }
      default -> throw wrong();
    };
  }

  private Predicate<JsonNode> in(String value, String selector) {
    List<String> path = path(selector);
    return entry -> {
      JsonNode held = at(entry, path);
      if (held.isObject()) {
        return held.has(value);
      }
      for (JsonNode item : held) {
        if (item.asText("").equals(value)) {
          return true;
        }
      }
      return false;
    };
  }

  private static JsonNode at(JsonNode entry, List<String> path) {
    boolean deep = path.get(0).equals("Proxy") || path.get(0).equals("Connect");
    if (deep && !entry.has(path.get(0))) {
      throw new Panic();
    }
    JsonNode found = entry;
    for (String part : path) {
      found = found.path(part);
    }
    return found;
  }

  private List<String> path(String selector) {
    List<String> path = new ArrayList<>();
    Matcher part = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*|\\[\"([^\"]*)\"\\]").matcher(selector);
    while (part.find()) {
      path.add(part.group(1) == null ? part.group() : part.group(1));
    }
    boolean config = path.size() > 1 && path.get(0).equals("Proxy") && path.get(1).equals("Config");
    if (path.isEmpty() || !KNOWN.contains(path.get(0)) || unknown.contains(path.get(0)) || config) {
      throw wrong();
    }
    return path;
  }

  private static String value(String token) {
    boolean quoted = token.startsWith("\"") || token.startsWith("`");
    return quoted && token.length() > 1 ? token.substring(1, token.length() - 1) : token;
  }

  private boolean take(String word) {
    boolean there = at < tokens.size() && tokens.get(at).equals(word);
    at += there ? 1 : 0;
    return there;
  }

  private String next() {
    if (at >= tokens.size()) {
      throw wrong();
    }
    return tokens.get(at++);
  }

  private Refused wrong() {
    return new Refused(
        500, "Failed to create boolean expression evaluator: 1:" + at + " (0): no match found");
  }
}
