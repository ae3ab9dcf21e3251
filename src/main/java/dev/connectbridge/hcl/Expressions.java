package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Access;
import dev.connectbridge.hcl.Expression.Binary;
import dev.connectbridge.hcl.Expression.Conditional;
import dev.connectbridge.hcl.Expression.Constant;
import dev.connectbridge.hcl.Expression.Prefixed;
import dev.connectbridge.hcl.Expression.Step;
import dev.connectbridge.hcl.Expression.Template;
import dev.connectbridge.hcl.Expression.Words;
import dev.connectbridge.spec.Origin.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads expressions: what binds operands together. */
final class Expressions {
  private final Cursor cursor;
  private final Operands operands;

  Expressions(Cursor cursor, Complaints complaints) {
    this.cursor = cursor;
    operands = new Operands(cursor, this, new Templates(cursor, this, complaints));
  }

  Expression expression() {
    Expression condition = binary(0);
    cursor.blanks();
    if (!cursor.take("?")) {
      return condition;
    }
    return cursor.deeper(
        () -> {
          Expression yes = expression();
          cursor.blanks();
          cursor.expect(":", "between the two values of '?'");
          return new Conditional(condition, yes, expression(), condition.place());
        });
  }

  private Expression binary(int rank) {
    Expression left = prefixed();
    while (true) {
      cursor.blanks();
      Optional<Operator> found = Operator.at(cursor, rank);
      if (found.isEmpty()) {
        return left;
      }
      Operator operator = found.get();
      cursor.take(operator.sign());
      left = new Binary(operator, left, binary(operator.rank() + 1), left.place());
    }
  }

  private Expression prefixed() {
    cursor.blanks();
    Place place = cursor.here();
    if (!cursor.at('-') && !cursor.at('!')) {
      return steps(operands.operand());
    }
    char sign = cursor.next();
    return cursor.deeper(() -> new Prefixed(sign, prefixed(), place));
  }

  private Expression steps(Expression from) {
    List<Step> steps = new ArrayList<>();
    cursor.blanks();
    while (cursor.at('[') || (cursor.at('.') && !cursor.at("..."))) {
      Place place = cursor.here();
      boolean dotted = cursor.next() == '.';
      steps.add(new Step(dotted ? member() : index(), dotted, place));
      cursor.blanks();
    }
    return steps.isEmpty() ? from : new Access(from, steps, from.place());
  }

  private Optional<Expression> index() {
    return cursor.inside(
        false,
        () -> {
          cursor.blanks();
          boolean splat = cursor.take("*");
          Optional<Expression> key = splat ? Optional.empty() : Optional.of(expression());
          cursor.blanks();
          cursor.expect("]", "after the index");
          return key;
        });
  }

  private Optional<Expression> member() {
    cursor.blanks();
    Place place = cursor.here();
    if (cursor.take("*")) {
      return Optional.empty();
    }
    if (cursor.atDigit()) {
      return Optional.of(new Constant(Numbers.whole(cursor), place));
    }
    String name = cursor.name();
    if (name.isEmpty()) {
      throw cursor.expected("a name after '.'");
    }
    return Optional.of(new Template(List.of(new Words(name)), place));
  }
}
