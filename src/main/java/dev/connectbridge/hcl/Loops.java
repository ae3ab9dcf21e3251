package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.For;
import dev.connectbridge.spec.Origin.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Works out for expressions. */
final class Loops {
  private Loops() {}

  static Node made(For each, Evaluator evaluator) {
    Node over = evaluator.evaluate(each.over());
    List<Walk.Round> rounds = Walk.over(over, each.over().place());
    return each.key().isPresent() ? object(each, rounds, evaluator) : list(each, rounds, evaluator);
  }

  private static Node list(For each, List<Walk.Round> rounds, Evaluator evaluator) {
    List<Node> items = new ArrayList<>();
    for (Walk.Round round : rounds) {
      Evaluator inner = evaluator.with(round.named(each.names()));
      if (isWanted(each, inner)) {
        items.add(inner.evaluate(each.value()));
      }
    }
    return new Node.Items(items, each.place());
  }

  private static Node object(For each, List<Walk.Round> rounds, Evaluator evaluator) {
    Expression key = each.key().orElseThrow();
    Map<String, List<Node>> groups = new LinkedHashMap<>();
    Map<String, Place> places = new LinkedHashMap<>();
    for (Walk.Round round : rounds) {
      Evaluator inner = evaluator.with(round.named(each.names()));
      if (isWanted(each, inner)) {
        String name = Arithmetic.text(inner.evaluate(key).value(), key.place(), "a key");
        List<Node> group = groups.computeIfAbsent(name, unused -> new ArrayList<>());
        if (!group.isEmpty() && !each.grouped()) {
          throw new Fault(
              key.place(),
              "two items have the key \"%s\": '...' after the value would gather them"
                  .formatted(Found.shortened(name)));
        }
        group.add(inner.evaluate(each.value()));
        places.putIfAbsent(name, key.place());
      }
    }
    Map<String, Node.Member> members = new LinkedHashMap<>();
    groups.forEach(
        (name, group) -> {
          Node node = each.grouped() ? new Node.Items(group, each.place()) : group.get(0);
          members.put(name, new Node.Member(places.get(name), node));
        });
    return new Node.Entries(members, each.place());
  }

  private static boolean isWanted(For each, Evaluator inner) {
    return each.condition().map(inner::flag).orElse(true);
  }
}
