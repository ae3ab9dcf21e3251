package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Call;
import dev.connectbridge.hcl.Expression.Constant;
import dev.connectbridge.hcl.Expression.Entry;
import dev.connectbridge.hcl.Expression.For;
import dev.connectbridge.hcl.Expression.ListOf;
import dev.connectbridge.hcl.Expression.Name;
import dev.connectbridge.hcl.Expression.ObjectOf;
import dev.connectbridge.hcl.Expression.Parentheses;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what stands between operators. */
final class Operands {
  private final Cursor cursor;
  private final Expressions expressions;
  private final Templates templates;

  Operands(Cursor cursor, Expressions expressions, Templates templates) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.templates = templates;
  }

  Expression operand() {
    cursor.blanks();
    Place place = cursor.here();
    if (cursor.at('"')) {
      return templates.quoted();
    }
    if (cursor.at("<<")) {
      return templates.heredoc();
    }
    if (cursor.atDigit()) {
      return new Constant(Numbers.read(cursor), place);
    }
    if (cursor.take("(")) {
      return cursor.inside(false, () -> parentheses(place));
    }
    if (cursor.take("[")) {
      return cursor.inside(false, () -> list(place));
    }
    if (cursor.take("{")) {
      return cursor.inside(true, () -> object(place));
    }
    return named(place);
  }

  private Expression parentheses(Place place) {
    Expression inner = expressions.expression();
    cursor.blanks();
    cursor.expect(")", "to close the '(' of line " + place.line());
    return new Parentheses(inner, place);
  }

  private Expression list(Place place) {
    cursor.blanks();
    if (atFor()) {
      return comprehension(place, "]");
    }
    return new ListOf(sequence("]", "this list", place), place);
  }

  /** Reads values with commas between them, the closing sign included. */
  private List<Expression> sequence(String close, String what, Place place) {
    List<Expression> items = new ArrayList<>();
    cursor.blanks();
    while (!cursor.take(close)) {
      unlessEnd(close, what, place);
      items.add(expressions.expression());
      cursor.blanks();
      if (!cursor.take(",") && !cursor.at(close) && !(close.equals(")") && cursor.at("..."))) {
        unlessEnd(close, what, place);
        throw cursor.expected("',' or '" + close + "' in the list of line " + place.line());
      }
      if (cursor.at("...")) {
        return items;
      }
      cursor.blanks();
    }
    return items;
  }

  private Expression object(Place place) {
    cursor.blankLines();
    if (atFor()) {
      return cursor.inside(false, () -> comprehension(place, "}"));
    }
    List<Entry> entries = new ArrayList<>();
    while (!cursor.take("}")) {
      unlessEnd("}", "this object", place);
      entries.add(entry());
      cursor.blanks();
      if (!cursor.take(",") && !cursor.atLineEnd() && !cursor.at('}')) {
        unlessEnd("}", "this object", place);
        throw cursor.expected("',', '}' or the end of the line in the object");
      }
      cursor.blankLines();
    }
    return new ObjectOf(entries, place);
  }

  private Entry entry() {
    Expression key = expressions.expression();
    cursor.blanks();
    if (cursor.at("==") || !(cursor.take("=") || cursor.take(":"))) {
      throw cursor.expected("'=' or ':' after a key of the object");
    }
    return new Entry(key, expressions.expression());
  }

  private Expression named(Place place) {
    String name = cursor.name();
    if (name.isEmpty()) {
      throw cursor.expected("a value");
    }
    cursor.blanks();
    if (cursor.take("(")) {
      return cursor.inside(false, () -> call(name, place));
    }
    return switch (name) {
      case "true" -> new Constant(new Value.Bool(true), place);
      case "false" -> new Constant(new Value.Bool(false), place);
      case "null" -> new Constant(new Value.Nothing(), place);
      default -> new Name(name, place);
    };
  }

  private Expression call(String name, Place place) {
    List<Expression> arguments = sequence(")", "the call of " + name, place);
    boolean spread = cursor.take("...");
    if (spread) {
      cursor.blanks();
      cursor.expect(")", "after '...'");
    }
    return new Call(name, arguments, spread, place);
  }

  private boolean atFor() {
    int start = cursor.position();
    boolean found = cursor.name().equals("for");
    cursor.moveTo(start);
    return found;
  }

  private Expression comprehension(Place place, String close) {
    cursor.take("for");
    List<String> names = ForNames.read(cursor);
    Expression over = expressions.expression();
    cursor.blanks();
    cursor.expect(":", "after what 'for' goes over");
    Expression value = expressions.expression();
    cursor.blanks();
    Optional<Expression> key = Optional.empty();
    if (close.equals("}")) {
      cursor.expect("=>", "between key and value of 'for'");
      key = Optional.of(value);
      value = expressions.expression();
      cursor.blanks();
    }
    boolean grouped = key.isPresent() && cursor.take("...");
    Optional<Expression> condition = condition();
    cursor.expect(close, "at the end of 'for'");
    return new For(names, over, key, value, grouped, condition, place);
  }

  private Optional<Expression> condition() {
    cursor.blanks();
    int start = cursor.position();
    if (!cursor.name().equals("if")) {
      cursor.moveTo(start);
      return Optional.empty();
    }
    Expression condition = expressions.expression();
    cursor.blanks();
    return Optional.of(condition);
  }

  private void unlessEnd(String close, String what, Place place) {
    if (cursor.atEnd()) {
      throw new Fault(
          place, what + " is never closed: expected '" + close + "' before the end of the file");
    }
  }
}
