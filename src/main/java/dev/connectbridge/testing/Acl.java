package dev.connectbridge.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tokens and what they may do; without ACLs everybody may do everything. */
final class Acl {
  private static final Pattern RULE =
      Pattern.compile(
          "([a-z_]+)\\s*(?:\"([^\"]*)\")?\\s*\\{\\s*policy\\s*=\\s*\"([a-z]+)\"\\s*\\}");

  private final Optional<String> master;
  private final Map<String, String> policies = new HashMap<>();
  private final Map<String, Token> tokens = new HashMap<>();
  private int made;

  Acl(Optional<String> master) {
    this.master = master;
  }

  /**
   * A token.
   *
   * @param accessor what it is revoked by
   * @param rules what it may do
   */
  private record Token(String accessor, List<Rule> rules) {}

  private record Rule(String resource, String segment, String policy) {
    /** An exact name beats any prefix, a longer prefix a shorter one. */
    int fits(String asked, String name) {
      if (resource.equals(asked)) {
        return segment.equals(name) ? Integer.MAX_VALUE : -1;
      }
      return resource.equals(asked + "_prefix") && name.startsWith(segment) ? segment.length() : -1;
    }

    boolean allows(String access) {
      return policy.equals("write") || (policy.equals("read") && access.equals("read"));
    }
  }

  boolean isOn() {
    return master.isPresent();
  }

  void policy(String name, String rules) {
    policies.put(name, rules);
  }

  /** Makes a token with policies; returns secret and accessor. */
  List<String> token(List<String> policyNames) {
    String secret = "00000000-0000-4000-8000-%012d".formatted(++made);
    String accessor = "00000000-0000-4000-9000-%012d".formatted(made);
    List<Rule> rules = new ArrayList<>();
    for (String name : policyNames) {
      Matcher rule = RULE.matcher(policies.getOrDefault(name, ""));
      while (rule.find()) {
        String segment = Optional.ofNullable(rule.group(2)).orElse("");
        rules.add(new Rule(rule.group(1), segment, rule.group(3)));
      }
    }
    tokens.put(secret, new Token(accessor, rules));
    return List.of(secret, accessor);
  }

  void revoke(String accessor) {
    tokens.values().removeIf(token -> token.accessor.equals(accessor));
  }

  /** Refuses a token that nobody made. */
  void known(String token) {
    if (!isKnown(token)) {
      throw new Refused(403, "ACL not found");
    }
  }

  boolean isKnown(String token) {
    return !isOn()
        || token.isEmpty()
        || master.equals(Optional.of(token))
        || tokens.containsKey(token);
  }

  /** Returns whether a token may do this; one that nobody made may do nothing. */
  boolean may(String token, String resource, String name, String access) {
    if (!isOn() || master.equals(Optional.of(token))) {
      return true;
    }
    Rule best = null;
    int fit = -1;
    for (Rule rule : tokens.getOrDefault(token, new Token("", List.of())).rules) {
      if (rule.fits(resource, name) > fit) {
        fit = rule.fits(resource, name);
        best = rule;
      }
    }
    return best != null && best.allows(access);
  }

  boolean mayRead(String token, HeldService service) {
    return may(token, "service", service.name(), "read");
  }

  /** Refuses who may not write a service. */
  void mayWrite(String token, String service) {
    known(token);
    if (!may(token, "service", service, "write")) {
      throw new Refused(403, "Permission denied: Missing service:write on " + service);
    }
  }

  /** Refuses who may not do this, without a word about what is missing. */
  void must(String token, String resource, String name, String access) {
    known(token);
    if (!may(token, resource, name, access)) {
      throw new Refused(403, "Permission denied");
    }
  }
}
