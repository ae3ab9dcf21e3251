package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.List;
import java.util.Optional;

/** What may stand behind an equals sign, as written and not yet worked out. */
sealed interface Expression {

  /** Returns where it begins. */
  Place place();

  /** Something that could not be read; whoever needs its value is told nothing more. */
  record Lost(Place place) implements Expression {}

  /** A number, true, false or null. */
  record Constant(Value value, Place place) implements Expression {}

  /** A quoted text or a heredoc. */
  record Template(List<Part> parts, Place place) implements Expression {
    public Template {
      parts = List.copyOf(parts);
    }
  }

  /** A list. */
  record ListOf(List<Expression> items, Place place) implements Expression {
    public ListOf {
      items = List.copyOf(items);
    }
  }

  /** An object. */
  record ObjectOf(List<Entry> entries, Place place) implements Expression {
    public ObjectOf {
      entries = List.copyOf(entries);
    }
  }

  /** A member of an object; a bare name as key is a text. */
  record Entry(Expression key, Expression value) {}

  /** An expression in parentheses. */
  record Parentheses(Expression inner, Place place) implements Expression {}

  /** A bare name. */
  record Name(String name, Place place) implements Expression {}

  /** A value, and the way from it to a part of it. */
  record Access(Expression from, List<Step> steps, Place place) implements Expression {
    public Access {
      steps = List.copyOf(steps);
    }
  }

  /** One step of an access: a name or an index; a splat when it is empty. */
  record Step(Optional<Expression> key, boolean dotted, Place place) {}

  /** A function call; the last argument may be spread over several parameters. */
  record Call(String function, List<Expression> arguments, boolean spread, Place place)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** A minus sign or a not in front of a value. */
  record Prefixed(char sign, Expression operand, Place place) implements Expression {}

  /** Two values with an operator between them. */
  record Binary(Operator operator, Expression left, Expression right, Place place)
      implements Expression {}

  /** A choice between two values. */
  record Conditional(Expression condition, Expression yes, Expression no, Place place)
      implements Expression {}

  /** A list or, when it has a key, an object made of another one. */
  record For(
      List<String> names,
      Expression over,
      Optional<Expression> key,
      Expression value,
      boolean grouped,
      Optional<Expression> condition,
      Place place)
      implements Expression {
    public For {
      names = List.copyOf(names);
    }
  }

  /** A part of a template. */
  sealed interface Part {}

  /** Text that stands for itself. */
  record Words(String text) implements Part {}

  /** A value inside a text; its source is kept where only the runtime may know the value. */
  record Interpolation(Expression value, String source, Place place) implements Part {}

  /** A text that depends on a condition. */
  record Choice(Expression condition, List<Part> yes, List<Part> no, Place place) implements Part {
    public Choice {
      yes = List.copyOf(yes);
      no = List.copyOf(no);
    }
  }

  /** A text that is repeated. */
  record Loop(List<String> names, Expression over, List<Part> body, Place place) implements Part {
    public Loop {
      names = List.copyOf(names);
      body = List.copyOf(body);
    }
  }
}
