package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Access;
import dev.connectbridge.hcl.Expression.Name;
import dev.connectbridge.hcl.Expression.Step;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;

/** Follows the way from a name or a value to a part of it. */
final class Ways {
  private final List<Step> steps;
  private final Evaluator evaluator;

  private Ways(List<Step> steps, Evaluator evaluator) {
    this.steps = steps;
    this.evaluator = evaluator;
  }

  static Node followed(Expression expression, Evaluator evaluator) {
    if (!(expression instanceof Access access)) {
      return evaluator
          .scope()
          .find(References.root(expression))
          .map(node -> taken(node, expression.place(), evaluator))
          .orElseThrow(() -> unknown(expression, evaluator));
    }
    Ways ways = new Ways(access.steps(), evaluator);
    return taken(ways.from(access), access.place(), evaluator);
  }

  private static Node taken(Node node, Place place, Evaluator evaluator) {
    return Evaluator.moved(evaluator.budget().value(node, place), place);
  }

  private Node from(Access access) {
    String root = References.root(access);
    if (root.isEmpty()) {
      return follow(evaluator.evaluate(access.from()), 0, steps.size());
    }
    if (evaluator.scope().has(root)) {
      return follow(evaluator.scope().find(root).orElseThrow(), 0, steps.size());
    }
    boolean defined = root.equals("var") || root.equals("local");
    if (!defined || steps.get(0).key().isEmpty()) {
      throw unknown(access, evaluator);
    }
    Step first = steps.get(0);
    Place place = first.key().get().place();
    String name = Arithmetic.text(evaluator.known(first.key().get()), place, "the name");
    Definitions definitions = evaluator.world().definitions();
    Node found =
        root.equals("var")
            ? definitions.variable(name, access.place())
            : definitions.local(name, access.place());
    return follow(found, 1, steps.size());
  }

  private static Fault unknown(Expression reference, Evaluator evaluator) {
    String written = References.written(reference);
    if (References.isOfTheFile(reference)) {
      return new Fault(
          reference.place(),
          "there is no %s: a job file knows var.NAME, local.NAME and the names of its loops"
              .formatted(written));
    }
    if (evaluator.isInsideText()) {
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

  private Node follow(Node whole, int start, int end) {
    Node found = whole;
    for (int at = start; at < end; at++) {
      Step step = steps.get(at);
      if (step.key().isEmpty()) {
        int last = last(at + 1, end);
        found = splat(found, at + 1, last);
        at = last - 1;
      } else {
        found = Arithmetic.part(found, evaluator.known(step.key().get()), step.place());
      }
    }
    return found;
  }

  /** Returns where that ends which is done to each item: for {@code .*} at the first index. */
  private int last(int start, int end) {
    if (!steps.get(start - 1).dotted()) {
      return end;
    }
    int at = start;
    while (at < end && steps.get(at).dotted()) {
      at++;
    }
    return at;
  }

  private Node splat(Node whole, int start, int end) {
    Place place = steps.get(start - 1).place();
    evaluator.budget().enter(place);
    try {
      List<Node> found = new ArrayList<>();
      for (Node item : items(whole)) {
        evaluator.budget().step(place);
        found.add(follow(item, start, end));
      }
      return new Node.Items(found, place);
    } finally {
      evaluator.budget().leave();
    }
  }

  /** A single value is as good as a list of one, and null as an empty one. */
  private static List<Node> items(Node whole) {
    if (whole instanceof Node.Items items) {
      return items.items();
    }
    return whole.value() instanceof Value.Nothing ? List.of() : List.of(whole);
  }
}
