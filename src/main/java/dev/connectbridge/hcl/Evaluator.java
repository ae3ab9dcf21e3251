package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Access;
import dev.connectbridge.hcl.Expression.Binary;
import dev.connectbridge.hcl.Expression.Call;
import dev.connectbridge.hcl.Expression.Conditional;
import dev.connectbridge.hcl.Expression.Constant;
import dev.connectbridge.hcl.Expression.Entry;
import dev.connectbridge.hcl.Expression.For;
import dev.connectbridge.hcl.Expression.ListOf;
import dev.connectbridge.hcl.Expression.Lost;
import dev.connectbridge.hcl.Expression.Name;
import dev.connectbridge.hcl.Expression.ObjectOf;
import dev.connectbridge.hcl.Expression.Parentheses;
import dev.connectbridge.hcl.Expression.Prefixed;
import dev.connectbridge.hcl.Expression.Template;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Works out what an expression is worth, as far as that can be known from the file alone. */
final class Evaluator {
  private final World world;
  private final Complaints complaints;
  private final Scope scope;
  private final Texts texts;
  private int insideTexts;

  Evaluator(World world, Complaints complaints, Scope scope) {
    this.world = world;
    this.complaints = complaints;
    this.scope = scope;
    texts = new Texts(this);
  }

  /** Returns one that knows more names. */
  Evaluator with(Map<String, Node> names) {
    Evaluator inner = new Evaluator(world, complaints, scope.with(names));
    inner.insideTexts = insideTexts;
    return inner;
  }

  World world() {
    return world;
  }

  Budget budget() {
    return world.budget();
  }

  Scope scope() {
    return scope;
  }

  /** Returns the value; empty, and a problem noted, when there is none. */
  Optional<Node> value(Expression expression) {
    try {
      return Optional.of(evaluate(expression));
    } catch (Fault fault) {
      note(fault);
      return Optional.empty();
    }
  }

  /** Returns the value; empty when there is none, or a part of it is missing. */
  Optional<Node> whole(Expression expression) {
    Complaints.Mark before = complaints.mark();
    Optional<Node> found = value(expression);
    return complaints.anySince(before) ? Optional.empty() : found;
  }

  /** Notes a fault and goes on, unless nothing more can be worked out. */
  private void note(Fault fault) {
    complaints.problem(fault);
    if (fault.isLast()) {
      throw fault;
    }
  }

  /** Returns the value; empty when anything in it cannot be worked out, and nobody is told. */
  Optional<Node> attempt(Expression expression) {
    Complaints unheard = new Complaints("");
    Evaluator trying = new Evaluator(world, unheard, scope);
    trying.insideTexts = insideTexts;
    try {
      Node found = trying.evaluate(expression);
      return unheard.any() ? Optional.empty() : Optional.of(found);
    } catch (Fault fault) {
      if (fault.isLast()) {
        throw fault;
      }
      return Optional.empty();
    }
  }

  Node evaluate(Expression expression) {
    world.budget().enter(expression.place());
    try {
      return worked(expression);
    } finally {
      world.budget().leave();
    }
  }

  private Node worked(Expression expression) {
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
    if (expression instanceof Lost lost) {
      throw Fault.told(lost.place());
    }
    return looked(expression);
  }

  /** Evaluates what takes its value from elsewhere. */
  private Node looked(Expression expression) {
    if (expression instanceof Call call) {
      return Calls.made(call, this);
    }
    if (expression instanceof For each) {
      return Loops.made(each, this);
    }
    return Ways.followed(expression, this);
  }

  /** Returns whether only the runtime knows what a reference stands for. */
  boolean isRuntime(Expression expression) {
    return References.isRuntime(expression) && !scope.has(References.root(expression));
  }

  boolean isInsideText() {
    return insideTexts > 0;
  }

  /** Evaluates what stands in a template. */
  Node inserted(Expression expression) {
    return inText(() -> evaluate(expression));
  }

  <T> T inText(Supplier<T> work) {
    insideTexts++;
    try {
      return work.get();
    } finally {
      insideTexts--;
    }
  }

  /** Returns whether a condition holds. */
  boolean flag(Expression condition) {
    return Arithmetic.flag(known(condition), condition.place());
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
        note(fault);
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
    boolean holds = flag(conditional.condition());
    Node chosen = evaluate(holds ? conditional.yes() : conditional.no());
    Optional<Node> other = attempt(holds ? conditional.no() : conditional.yes());
    boolean texts = other.filter(node -> node.value() instanceof Value.Text).isPresent();
    if (texts && Arithmetic.isTextual(chosen.value())) {
      String text = Arithmetic.text(chosen.value(), chosen.place(), "a text");
      return new Node.Scalar(new Value.Text(text), conditional.place());
    }
    return moved(chosen, conditional.place());
  }

  /** Returns a value that something is to be computed from, so the runtime may not be in it. */
  Value known(Expression expression) {
    Value value = evaluate(expression).value();
    if (References.holdsRuntime(value)) {
      throw new Fault(
          expression.place(), "nothing can be computed from a value that only the runtime knows");
    }
    return value;
  }

  static Node moved(Node node, Place place) {
    if (node instanceof Node.Items items) {
      return new Node.Items(items.items(), items.set(), place);
    }
    if (node instanceof Node.Entries entries) {
      return new Node.Entries(entries.members(), place);
    }
    return new Node.Scalar(node.value(), place);
  }
}
