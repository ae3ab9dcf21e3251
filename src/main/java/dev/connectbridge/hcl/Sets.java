package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sets: each value once, those that have an order in it. */
final class Sets {
  private static final Comparator<Node> NATURAL = Comparator.comparing(Node::value, Sets::compare);

  private Sets() {}

  static Node.Items of(List<Node> items, Place place) {
    List<Node> sorted = new ArrayList<>(distinct(items));
    sorted.sort(NATURAL);
    return new Node.Items(sorted, true, place);
  }

  static List<Node> distinct(List<Node> items) {
    Map<Value, Node> once = new LinkedHashMap<>();
    items.forEach(item -> once.putIfAbsent(item.value(), item));
    return List.copyOf(once.values());
  }

  private static int compare(Value left, Value right) {
    if (left instanceof Value.Text one && right instanceof Value.Text other) {
      return Walk.ORDER.compare(one.text(), other.text());
    }
    if (left instanceof Value.Num one && right instanceof Value.Num other) {
      return one.number().compareTo(other.number());
    }
    if (left instanceof Value.Bool one && right instanceof Value.Bool other) {
      return Boolean.compare(one.flag(), other.flag());
    }
    return Integer.compare(rank(left), rank(right));
  }

  private static int rank(Value value) {
    if (value instanceof Value.Bool) {
      return 0;
    }
    if (value instanceof Value.Num) {
      return 1;
    }
    return value instanceof Value.Text ? 2 : 3;
  }
}
