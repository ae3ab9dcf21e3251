package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Functions.Table;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The functions of lists, and of what may be one. */
final class ListFunctions {
  private static final int LONGEST_RANGE = 1024;

  private ListFunctions() {}

  static void add(Table table) {
    table
        .add("length", 1, ListFunctions::length)
        .add("concat", 1, Functions.ANY_NUMBER, ListFunctions::concat)
        .add("contains", 2, call -> call.answer(position(call) >= 0))
        .add("index", 2, ListFunctions::index)
        .add("element", 2, ListFunctions::element)
        .add("slice", 3, ListFunctions::slice)
        .add("chunklist", 2, ListFunctions::chunks)
        .add("coalesce", 1, Functions.ANY_NUMBER, ListFunctions::coalesce)
        .add("coalescelist", 1, Functions.ANY_NUMBER, ListFunctions::coalesceList)
        .add("compact", 1, ListFunctions::compact)
        .add("distinct", 1, call -> call.answer(Sets.distinct(call.list(0))))
        .add("flatten", 1, ListFunctions::flatten)
        .add("reverse", 1, ListFunctions::reverse)
        .add("sort", 1, call -> call.texts(call.texts(0).stream().sorted(Walk.ORDER).toList()))
        .add("range", 1, 3, ListFunctions::range);
  }

  private static Node length(Arguments call) {
    if (call.value(0) instanceof Value.Text) {
      throw call.fault(0, "expected a list or an object; strlen counts the characters of a text");
    }
    int length =
        call.node(0) instanceof Node.Entries entries
            ? entries.members().size()
            : call.list(0).size();
    return call.answer(BigDecimal.valueOf(length));
  }

  private static Node concat(Arguments call) {
    List<Node> all = new ArrayList<>();
    for (int at = 0; at < call.size(); at++) {
      all.addAll(call.list(at));
      call.steps(call.list(at).size());
    }
    return call.answer(all);
  }

  private static int position(Arguments call) {
    Value wanted = call.value(1);
    List<Node> items = call.list(0);
    for (int at = 0; at < items.size(); at++) {
      if (items.get(at).value().equals(wanted)) {
        return at;
      }
    }
    return -1;
  }

  /** Returns the part at a key or an index; for any other value of a list, where it stands. */
  private static Node index(Arguments call) {
    if (!call.isList(0) || call.value(1) instanceof Value.Num) {
      return Arithmetic.part(call.node(0), call.value(1), call.place());
    }
    int position = position(call);
    if (position < 0) {
      throw call.fault("the value is not in the list");
    }
    return call.answer(BigDecimal.valueOf(position));
  }

  private static Node element(Arguments call) {
    List<Node> items = call.list(0);
    if (items.isEmpty()) {
      throw call.fault(0, "the list is empty");
    }
    return items.get(call.whole(1, 0, Integer.MAX_VALUE) % items.size());
  }

  private static Node slice(Arguments call) {
    List<Node> items = call.list(0);
    int end = call.whole(2, 0, items.size());
    return call.answer(items.subList(call.whole(1, 0, end), end));
  }

  private static Node chunks(Arguments call) {
    List<Node> items = call.list(0);
    int size = call.whole(1, 0, Integer.MAX_VALUE);
    if (size == 0) {
      return call.answer(List.of(call.answer(items)));
    }
    List<Node> chunks = new ArrayList<>();
    for (long at = 0; at < items.size(); at += size) {
      chunks.add(call.answer(items.subList((int) at, (int) Math.min(items.size(), at + size))));
    }
    return call.answer(chunks);
  }

  private static Node coalesce(Arguments call) {
    return call.from(0).stream()
        .filter(node -> !(node.value() instanceof Value.Nothing))
        .findFirst()
        .orElseThrow(() -> call.fault("all values are null"));
  }

  private static Node coalesceList(Arguments call) {
    for (int at = 0; at < call.size(); at++) {
      if (!call.isNull(at) && !call.list(at).isEmpty()) {
        return call.node(at);
      }
    }
    throw call.fault("all lists are empty");
  }

  private static Node compact(Arguments call) {
    List<Node> items = new ArrayList<>(call.list(0));
    items.removeIf(item -> item.value() instanceof Value.Nothing);
    for (Node item : items) {
      if (!Arithmetic.isTextual(item.value())) {
        throw call.fault("expected a list of texts, found in it " + Arithmetic.kind(item.value()));
      }
    }
    items.removeIf(item -> item.value().equals(new Value.Text("")));
    return call.answer(items);
  }

  private static Node flatten(Arguments call) {
    List<Node> flat = new ArrayList<>();
    flatten(call.list(0), flat);
    return call.answer(flat);
  }

  private static void flatten(List<Node> items, List<Node> into) {
    for (Node item : items) {
      if (item instanceof Node.Items inner) {
        flatten(inner.items(), into);
      } else {
        into.add(item);
      }
    }
  }

  /** Returns a list backwards, or a text. */
  private static Node reverse(Arguments call) {
    if (!call.isList(0)) {
      return call.answer(TextFunctions.reversed(call.text(0)));
    }
    List<Node> items = new ArrayList<>(call.list(0));
    Collections.reverse(items);
    return call.answer(items);
  }

  private static Node range(Arguments call) {
    BigDecimal start = call.size() == 1 ? BigDecimal.ZERO : call.number(0);
    BigDecimal end = call.number(call.size() == 1 ? 0 : 1);
    boolean down = end.compareTo(start) < 0;
    BigDecimal step = call.size() == 3 ? call.number(2) : BigDecimal.valueOf(down ? -1 : 1);
    if (step.signum() == 0 || (down && step.signum() > 0) || (!down && step.signum() < 0)) {
      throw call.fault("the step leads nowhere: expected one from the start to the end");
    }
    List<Node> numbers = new ArrayList<>();
    BigDecimal next = start;
    while (down ? next.compareTo(end) > 0 : next.compareTo(end) < 0) {
      if (numbers.size() == LONGEST_RANGE) {
        throw call.fault("too many numbers: at most " + LONGEST_RANGE);
      }
      numbers.add(call.answer(next));
      next = next.add(step);
    }
    return call.answer(numbers);
  }
}
