package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Access;
import dev.connectbridge.hcl.Expression.Binary;
import dev.connectbridge.hcl.Expression.Call;
import dev.connectbridge.hcl.Expression.Conditional;
import dev.connectbridge.hcl.Expression.Constant;
import dev.connectbridge.hcl.Expression.Entry;
import dev.connectbridge.hcl.Expression.ListOf;
import dev.connectbridge.hcl.Expression.Name;
import dev.connectbridge.hcl.Expression.ObjectOf;
import dev.connectbridge.hcl.Expression.Parentheses;
import dev.connectbridge.hcl.Expression.Prefixed;
import dev.connectbridge.hcl.Expression.Step;
import dev.connectbridge.hcl.Expression.Template;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Works out what an expression is worth, as far as that can be known from the file alone. */
final class Evaluator {
  private final Complaints complaints;
  private final Texts texts;
  private int insideTexts;

  Evaluator(Complaints complaints) {
    this.complaints = complaints;
    texts = new Texts(this);
  }

  /** Returns the value; empty, and a problem noted, when there is none. */
  Optional<Node> value(Expression expression) {
    try {
      return Optional.of(evaluate(expression));
    } catch (Fault fault) {
      complaints.problem(fault);
      return Optional.empty();
    }
  }

  Node evaluate(Expression expression) {
    if (expression instanceof Constant constant) {
      return new Node.Scalar(constant.value(), constant.place());
    }
    if (expression instanceof Template template) {
      return texts.evaluate(template);
    }
    if (expression instanceof ListOf list) {
      return list(list);
    }
    if (expression instanceof ObjectOf object) {
      return object(object);
    }
    if (expression instanceof Parentheses parentheses) {
      return moved(evaluate(parentheses.inner()), parentheses.place());
    }
    if (expression instanceof Prefixed prefixed) {
      return prefixed(prefixed);
    }
    if (expression instanceof Binary binary) {
      return binary(binary);
    }
    if (expression instanceof Conditional conditional) {
      return conditional(conditional);
    }
    return looked(expression);
  }

  /** Evaluates what takes its value from elsewhere. */
  private Node looked(Expression expression) {
    if (References.isNamed(expression)) {
      throw reference(expression);
    }
    if (expression instanceof Access access) {
      return access(access);
    }
    if (expression instanceof Call call) {
      throw new Fault(
          call.place(),
          "functions are not understood yet: " + Found.shortened(call.function()) + "(...)");
    }
    throw new Fault(expression.place(), "for expressions are not understood yet");
  }

  private Fault reference(Expression reference) {
    String written = References.written(reference);
    if (References.isOfTheFile(reference)) {
      return new Fault(reference.place(), "variables are not understood yet: " + written);
    }
    if (insideTexts > 0) {
      return new Fault(
          reference.place(),
          "only the runtime knows " + written + ": it may stand alone in ${…}, as \"${NAME}\"");
    }
    String quoted =
        reference instanceof Name ? "\"" + written + "\" or \"${" + written + "}\"" : "\"${…}\"";
    return new Fault(
        reference.place(),
        "expected a value, found the bare name " + written + ": it needs quotes, " + quoted);
  }

  /** Evaluates what stands in a template. */
  Node inserted(Expression expression) {
    insideTexts++;
    try {
      return evaluate(expression);
    } finally {
      insideTexts--;
    }
  }

  private Node list(ListOf list) {
    List<Node> items = new ArrayList<>();
    list.items().forEach(item -> value(item).ifPresent(items::add));
    return new Node.Items(items, list.place());
  }

  private Node object(ObjectOf object) {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    for (Entry entry : object.entries()) {
      if (complaints.stopped()) {
        break;
      }
      try {
        member(entry, members);
      } catch (Fault fault) {
        complaints.problem(fault);
      }
    }
    return new Node.Entries(members, object.place());
  }

  private void member(Entry entry, Map<String, Node.Member> members) {
    Place place = entry.key().place();
    String key = key(entry.key());
    Node value = evaluate(entry.value());
    Node.Member first = members.putIfAbsent(key, new Node.Member(place, value));
    if (first != null) {
      throw new Fault(
          place,
          "the key \"%s\" stands twice in this object: first in line %d"
              .formatted(Found.shortened(key), first.key().line()));
    }
  }

  private String key(Expression key) {
    if (key instanceof Name name) {
      return name.name();
    }
    if (key instanceof Constant constant && constant.value() instanceof Value.Nothing) {
      return "null";
    }
    if (key instanceof Access && References.isNamed(key)) {
      throw new Fault(key.place(), "expected a name or a quoted text as key, found a longer name");
    }
    return Arithmetic.text(evaluate(key).value(), key.place(), "a key");
  }

  private Node prefixed(Prefixed prefixed) {
    Value operand = known(prefixed.operand());
    Place place = prefixed.place();
    Value value =
        prefixed.sign() == '!'
            ? new Value.Bool(!Arithmetic.flag(operand, place))
            : new Value.Num(Arithmetic.number(operand, place).negate());
    return new Node.Scalar(value, place);
  }

  /** Works along a chain of operators, which may be far longer than the stack is deep. */
  private Node binary(Binary binary) {
    List<Binary> chain = new ArrayList<>();
    Expression left = binary;
    while (left instanceof Binary next) {
      chain.add(next);
      left = next.left();
    }
    Value value = known(left);
    for (int at = chain.size() - 1; at >= 0; at--) {
      Binary next = chain.get(at);
      Value right = known(next.right());
      value = Arithmetic.apply(next.operator(), value, right, next.right().place());
    }
    return new Node.Scalar(value, binary.place());
  }

  private Node conditional(Conditional conditional) {
    boolean holds =
        Arithmetic.flag(known(conditional.condition()), conditional.condition().place());
    Node chosen = evaluate(holds ? conditional.yes() : conditional.no());
    Optional<Node> other =
        new Evaluator(new Complaints("")).value(holds ? conditional.no() : conditional.yes());
    boolean texts = other.filter(node -> node.value() instanceof Value.Text).isPresent();
    if (texts && Arithmetic.isTextual(chosen.value())) {
      String text = Arithmetic.text(chosen.value(), chosen.place(), "a text");
      return new Node.Scalar(new Value.Text(text), conditional.place());
    }
    return moved(chosen, conditional.place());
  }

  /** Returns a value that something is to be computed from, so the runtime may not be in it. */
  private Value known(Expression expression) {
    int before = texts.kept();
    Value value = evaluate(expression).value();
    if (texts.kept() != before) {
      throw new Fault(
          expression.place(), "nothing can be computed from a value that only the runtime knows");
    }
    return value;
  }

  private Node access(Access access) {
    Node found = evaluate(access.from());
    for (Step step : access.steps()) {
      Expression key =
          step.key().orElseThrow(() -> new Fault(step.place(), "splats are not understood yet"));
      found = Arithmetic.part(found, known(key), step.place());
    }
    return moved(found, access.place());
  }

  private static Node moved(Node node, Place place) {
    if (node instanceof Node.Items items) {
      return new Node.Items(items.items(), place);
    }
    if (node instanceof Node.Entries entries) {
      return new Node.Entries(entries.members(), place);
    }
    return new Node.Scalar(node.value(), place);
  }
}
