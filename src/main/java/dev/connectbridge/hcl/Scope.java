package dev.connectbridge.hcl;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names that loops and dynamic blocks give to what they go over; inner ones hide outer ones.
 */
record Scope(Map<String, Node> names) {
  static final Scope EMPTY = new Scope(Map.of());

  Scope {
    names = Map.copyOf(names);
  }

  boolean has(String name) {
    return names.containsKey(name);
  }

  Optional<Node> find(String name) {
    return Optional.ofNullable(names.get(name));
  }

  Scope with(Map<String, Node> inner) {
    Map<String, Node> all = new HashMap<>(names);
    all.putAll(inner);
    return new Scope(all);
  }
}
