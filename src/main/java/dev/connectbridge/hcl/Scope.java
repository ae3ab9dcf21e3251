package dev.connectbridge.hcl;

import java.util.Map;
import java.util.Optional;

/**
 * The names that loops and dynamic blocks give to what they go over; inner ones hide outer ones.
 */
record Scope(Map<String, Node> names, Optional<Scope> outer) {
  static final Scope EMPTY = new Scope(Map.of(), Optional.empty());

  boolean has(String name) {
    return find(name).isPresent();
  }

  Optional<Node> find(String name) {
    for (Optional<Scope> scope = Optional.of(this);
        scope.isPresent();
        scope = scope.get().outer()) {
      Node found = scope.get().names().get(name);
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  Scope with(Map<String, Node> inner) {
    return new Scope(inner, Optional.of(this));
  }
}
