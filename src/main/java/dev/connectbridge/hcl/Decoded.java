package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes values into trees that have one place, because none of their parts is written. */
final class Decoded {
  private Decoded() {}

  static Node at(Node node, Place place) {
    return of(node.value(), place);
  }

  static Node of(Value value, Place place) {
    if (value instanceof Value.Items items) {
      return new Node.Items(items.items().stream().map(item -> of(item, place)).toList(), place);
    }
    if (value instanceof Value.Entries entries) {
      Map<String, Node.Member> members = new LinkedHashMap<>();
      entries
          .entries()
          .forEach((key, item) -> members.put(key, new Node.Member(place, of(item, place))));
      return new Node.Entries(members, place);
    }
    return new Node.Scalar(value, place);
  }
}
