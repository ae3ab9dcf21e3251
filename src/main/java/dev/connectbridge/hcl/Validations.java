package dev.connectbridge.hcl;

import dev.connectbridge.spec.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the values of variables against the conditions that their blocks set. */
final class Validations {
  private static final List<String> KEYS = List.of("condition", "error_message");

  private final Complaints complaints;
  private final Evaluator evaluator;

  Validations(Complaints complaints, Evaluator evaluator) {
    this.complaints = complaints;
    this.evaluator = evaluator;
  }

  void check(Syntax.Body file, Map<String, Optional<Node>> values) {
    for (Syntax.Block block : file.blocks()) {
      if (!block.type().equals("variable") || block.labels().size() != 1) {
        continue;
      }
      complaints.enter(block.step());
      Optional<Node> value = values.getOrDefault(block.labels().get(0).text(), Optional.empty());
      for (Syntax.Block inner : block.body().blocks()) {
        if (inner.type().equals("validation")) {
          rule(inner, value);
        }
      }
      complaints.leave();
    }
  }

  private void rule(Syntax.Block rule, Optional<Node> value) {
    Map<String, Syntax.Attribute> keys = new HashMap<>();
    for (Syntax.Attribute each : rule.body().attributes()) {
      keys.put(each.name(), each);
      if (!KEYS.contains(each.name())) {
        complaints.problem(each.place(), Declarations.unknown(each.name(), "validation", KEYS));
      }
    }
    Syntax.Attribute condition = keys.get("condition");
    if (condition == null) {
      complaints.problem(rule.place(), "a validation needs a condition");
      return;
    }
    if (value.isPresent() && !holds(condition)) {
      complaints.problem(rule.place(), message(keys));
    }
  }

  /** A condition that cannot be worked out has a problem already. */
  private boolean holds(Syntax.Attribute condition) {
    try {
      return evaluator.flag(condition.value());
    } catch (Fault fault) {
      complaints.problem(fault);
      return true;
    }
  }

  private String message(Map<String, Syntax.Attribute> keys) {
    return Optional.ofNullable(keys.get("error_message"))
        .flatMap(each -> evaluator.value(each.value()))
        .map(Node::value)
        .filter(Value.Text.class::isInstance)
        .map(text -> "the value is not valid: " + oneLine(((Value.Text) text).text()))
        .orElse("the value is not valid: the condition does not hold");
  }

  private static String oneLine(String text) {
    return Found.shortened(text.replaceAll("\\s+", " ").strip(), 300);
  }
}
