package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Functions.Table;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The functions of sets; a list is taken for one. */
final class SetFunctions {
  private SetFunctions() {}

  static void add(Table table) {
    table
        .add("setunion", 1, Functions.ANY_NUMBER, SetFunctions::union)
        .add("setintersection", 1, Functions.ANY_NUMBER, call -> filtered(call, true))
        .add("setsubtract", 2, call -> filtered(call, false))
        .add("setproduct", 1, Functions.ANY_NUMBER, SetFunctions::product);
  }

  private static Node union(Arguments call) {
    List<Node> all = new ArrayList<>();
    for (int at = 0; at < call.size(); at++) {
      all.addAll(call.list(at));
    }
    return Sets.of(all, call.place());
  }

  private static Node filtered(Arguments call, boolean kept) {
    List<Node> left = new ArrayList<>(call.list(0));
    for (int at = 1; at < call.size(); at++) {
      Set<Value> other = new HashSet<>();
      call.list(at).forEach(item -> other.add(item.value()));
      left.removeIf(item -> other.contains(item.value()) != kept);
    }
    return Sets.of(left, call.place());
  }

  /** Returns every way of taking one item of each; of lists only, a list in their order. */
  private static Node product(Arguments call) {
    List<List<Node>> rows = List.of(List.of());
    for (int at = 0; at < call.size(); at++) {
      List<Node> items = call.list(at);
      call.steps((long) rows.size() * items.size() * (at + 1));
      List<List<Node>> longer = new ArrayList<>();
      for (List<Node> row : rows) {
        for (Node item : items) {
          List<Node> next = new ArrayList<>(row);
          next.add(item);
          longer.add(next);
        }
      }
      rows = longer;
    }
    return call.answer(rows.stream().map(call::answer).toList());
  }
}
