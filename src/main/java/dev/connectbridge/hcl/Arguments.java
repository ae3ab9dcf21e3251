package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One call of a function: what it is given, each with its place, and what it may return. */
final class Arguments {
  private final Expression.Call call;
  private final List<Node> values;
  private final World world;

  Arguments(Expression.Call call, List<Node> values, World world) {
    this.call = call;
    this.values = List.copyOf(values);
    this.world = world;
  }

  int size() {
    return values.size();
  }

  World world() {
    return world;
  }

  Place place() {
    return call.place();
  }

  Node node(int at) {
    return values.get(at);
  }

  List<Node> from(int at) {
    return values.subList(at, values.size());
  }

  Value value(int at) {
    return values.get(at).value();
  }

  String text(int at) {
    Value value = value(at);
    if (!Arithmetic.isTextual(value)) {
      throw unexpected(at, "a text");
    }
    return Arithmetic.text(value, place(at), "");
  }

  /** Returns the texts of a list of them. */
  List<String> texts(int at) {
    List<String> texts = new ArrayList<>();
    for (Node item : list(at)) {
      if (!Arithmetic.isTextual(item.value())) {
        throw fault(at, "expected a list of texts, found in it " + Arithmetic.kind(item.value()));
      }
      texts.add(Arithmetic.text(item.value(), place(at), ""));
    }
    return texts;
  }

  BigDecimal number(int at) {
    Value value = value(at);
    if (!(value instanceof Value.Num) && !(value instanceof Value.Text)) {
      throw unexpected(at, "a number");
    }
    return Arithmetic.number(value, place(at));
  }

  BigInteger whole(int at) {
    BigDecimal number = number(at).stripTrailingZeros();
    if (number.scale() > 0) {
      throw fault(at, "expected a whole number, found " + number.toPlainString());
    }
    return number.toBigInteger();
  }

  /** Returns a whole number within bounds. */
  int whole(int at, int least, int most) {
    BigInteger whole = whole(at);
    boolean inside =
        whole.compareTo(BigInteger.valueOf(least)) >= 0
            && whole.compareTo(BigInteger.valueOf(most)) <= 0;
    if (!inside) {
      String bounds = most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
      throw fault(
          at, "expected a number, %s, found %s".formatted(bounds, Found.shortened("" + whole)));
    }
    return whole.intValue();
  }

  boolean isList(int at) {
    return node(at) instanceof Node.Items;
  }

  List<Node> list(int at) {
    if (node(at) instanceof Node.Items items) {
      return items.items();
    }
    throw unexpected(at, "a list");
  }

  Node.Entries object(int at) {
    if (node(at) instanceof Node.Entries entries) {
      return entries;
    }
    throw unexpected(at, "an object");
  }

  boolean isNull(int at) {
    return value(at) instanceof Value.Nothing;
  }

  private Fault unexpected(int at, String expected) {
    return fault(at, "expected " + expected + ", found " + Arithmetic.kind(value(at)));
  }

  /** Returns a fault with one of the arguments. */
  Fault fault(int at, String message) {
    String number = size() == 1 ? "" : "argument " + (at + 1) + " of ";
    return new Fault(place(at), number + call.function() + ": " + message);
  }

  Fault fault(String message) {
    return new Fault(place(), call.function() + ": " + message);
  }

  Node answer(String text) {
    return node(new Value.Text(world.budget().text(text, place())));
  }

  Node answer(BigDecimal number) {
    return node(Numbers.bounded(number, place()));
  }

  Node answer(boolean flag) {
    return node(new Value.Bool(flag));
  }

  Node answer(List<Node> items) {
    return new Node.Items(items, place());
  }

  Node answer(Map<String, Node> members) {
    Map<String, Node.Member> entries = new LinkedHashMap<>();
    members.forEach((key, node) -> entries.put(key, new Node.Member(node.place(), node)));
    return new Node.Entries(entries, place());
  }

  Node texts(List<String> texts) {
    return answer(texts.stream().map(text -> node(new Value.Text(text))).toList());
  }

  Node node(Value value) {
    return new Node.Scalar(value, place());
  }

  /** Faults when a text of this length may not be made. */
  void length(long length) {
    world.budget().length(length, place());
  }

  void steps(long count) {
    world.budget().steps(count, place());
  }

  /** Returns where an argument is written; those behind a spread one share its place. */
  private Place place(int at) {
    List<Expression> written = call.arguments();
    return written.isEmpty() ? call.place() : written.get(Math.min(at, written.size() - 1)).place();
  }
}
