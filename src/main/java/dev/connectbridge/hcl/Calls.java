package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Call;
import dev.connectbridge.hcl.Functions.Function;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Calls functions. */
final class Calls {

  /** Those that are not given values, but expressions. */
  static final Set<String> SPECIAL = Set.of("try", "can", "convert");

  private static final int LONGEST_LIST = 100_000;

  private Calls() {}

  static Node made(Call call, Evaluator evaluator) {
    if (SPECIAL.contains(call.function())) {
      return special(call, evaluator);
    }
    Function function =
        Functions.find(call.function())
            .orElseThrow(() -> new Fault(call.place(), Functions.missing(call.function())));
    List<Node> values = arguments(call, evaluator);
    if (values.size() < function.least() || values.size() > function.most()) {
      throw count(call, function.takes(), values.size());
    }
    Node found = function.body().called(new Arguments(call, values, evaluator.world()));
    return Evaluator.moved(evaluator.budget().value(found, call.place()), call.place());
  }

  private static Fault count(Call call, String takes, int given) {
    return new Fault(
        call.place(), "%s takes %s, found %d".formatted(call.function(), takes, given));
  }

  private static List<Node> arguments(Call call, Evaluator evaluator) {
    List<Node> values = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      values.add(evaluator.evaluate(argument));
    }
    if (!call.spread() || values.isEmpty()) {
      return values;
    }
    Node last = values.remove(values.size() - 1);
    if (!(last instanceof Node.Items items) || items.items().size() > LONGEST_LIST) {
      throw new Fault(
          last.place(), "expected a list before '...', found " + Arithmetic.kind(last.value()));
    }
    values.addAll(items.items());
    return values;
  }

  private static Node special(Call call, Evaluator evaluator) {
    List<Expression> arguments = call.arguments();
    if (call.spread()) {
      throw new Fault(call.place(), call.function() + " takes no '...'");
    }
    if (call.function().equals("try")) {
      return first(call, evaluator);
    }
    boolean can = call.function().equals("can");
    if (arguments.size() != (can ? 1 : 2)) {
      throw count(call, can ? "1 argument" : "2 arguments, a value and a type", arguments.size());
    }
    if (can) {
      boolean found = evaluator.attempt(arguments.get(0)).isPresent();
      return new Node.Scalar(new Value.Bool(found), call.place());
    }
    Type type = Types.read(arguments.get(1));
    return Evaluator.moved(type.convert(evaluator.evaluate(arguments.get(0))), call.place());
  }

  private static Node first(Call call, Evaluator evaluator) {
    for (Expression argument : call.arguments()) {
      Optional<Node> found = evaluator.attempt(argument);
      if (found.isPresent()) {
        return Evaluator.moved(found.get(), call.place());
      }
    }
    throw new Fault(call.place(), "none of the values in try can be worked out");
  }
}
