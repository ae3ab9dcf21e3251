package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.util.List;

/** Computes with values as HCL does: a text that reads like a number or flag may stand for it. */
final class Arithmetic {
  private Arithmetic() {}

  static Value apply(Operator operator, Value left, Value right, Place place) {
    return switch (operator) {
      case EQUAL -> new Value.Bool(left.equals(right));
      case UNEQUAL -> new Value.Bool(!left.equals(right));
      case OR -> logic(left, right, place, true);
      case AND -> logic(left, right, place, false);
      case LESS -> new Value.Bool(compare(left, right, place) < 0);
      case AT_MOST -> new Value.Bool(compare(left, right, place) <= 0);
      case GREATER -> new Value.Bool(compare(left, right, place) > 0);
      case AT_LEAST -> new Value.Bool(compare(left, right, place) >= 0);
      case PLUS, MINUS, TIMES, DIVIDED, MODULO ->
          Numbers.compute(operator, number(left, place), number(right, place), place);
    };
  }

  /** Both sides must be flags, even where one of them decides. */
  private static Value logic(Value left, Value right, Place place, boolean decides) {
    boolean first = flag(left, place);
    boolean second = flag(right, place);
    return new Value.Bool(first == decides ? first : second);
  }

  static BigDecimal number(Value value, Place place) {
    if (value instanceof Value.Num num) {
      return num.number();
    }
    if (value instanceof Value.Text text) {
      return Numbers.number(text.text(), place).number();
    }
    throw new Fault(place, "expected a number, found " + kind(value));
  }

  static boolean flag(Value value, Place place) {
    if (value instanceof Value.Bool bool) {
      return bool.flag();
    }
    if (value instanceof Value.Text text && List.of("true", "false").contains(text.text())) {
      return text.text().equals("true");
    }
    throw new Fault(place, "expected true or false, found " + kind(value));
  }

  /** Returns whether HCL turns such a value into a text where a text is wanted. */
  static boolean isTextual(Value value) {
    return value instanceof Value.Num || value instanceof Value.Bool || value instanceof Value.Text;
  }

  static String text(Value value, Place place, String what) {
    if (value instanceof Value.Text text) {
      return text.text();
    }
    if (value instanceof Value.Num num) {
      return num.number().toPlainString();
    }
    if (value instanceof Value.Bool bool) {
      return String.valueOf(bool.flag());
    }
    throw new Fault(place, "expected a text as " + what + ", found " + kind(value));
  }

  /** Returns an item of a list or a member of an object. */
  static Node part(Node whole, Value key, Place place) {
    if (whole instanceof Node.Items items) {
      BigDecimal index = number(key, place);
      boolean inside =
          index.signum() >= 0
              && index.compareTo(BigDecimal.valueOf(items.items().size())) < 0
              && index.stripTrailingZeros().scale() <= 0;
      if (inside) {
        return items.items().get(index.intValue());
      }
      int size = items.items().size();
      throw new Fault(
          place,
          "this list has %d item%s, none at this index".formatted(size, size == 1 ? "" : "s"));
    }
    if (whole instanceof Node.Entries entries) {
      String name = text(key, place, "a key");
      Node.Member member = entries.members().get(name);
      if (member != null) {
        return member.node();
      }
      throw new Fault(
          place,
          "this object has no key \"%s\"%s"
              .formatted(Found.shortened(name), Meant.hint(name, entries.members().keySet())));
    }
    throw new Fault(place, "expected a list or object before this, found " + kind(whole.value()));
  }

  private static int compare(Value left, Value right, Place place) {
    return number(left, place).compareTo(number(right, place));
  }

  static String kind(Value value) {
    if (value instanceof Value.Text text) {
      return "the text \"" + Found.shortened(text.text()) + "\"";
    }
    if (value instanceof Value.Num num) {
      return "the number " + Found.shortened(num.number().toPlainString());
    }
    if (value instanceof Value.Bool bool) {
      return String.valueOf(bool.flag());
    }
    if (value instanceof Value.Nothing) {
      return "null";
    }
    return value instanceof Value.Items ? "a list" : "an object";
  }
}
