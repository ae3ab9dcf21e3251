package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Access;
import dev.connectbridge.hcl.Expression.Constant;
import dev.connectbridge.hcl.Expression.Name;
import dev.connectbridge.hcl.Expression.Step;
import dev.connectbridge.hcl.Expression.Template;
import dev.connectbridge.hcl.Expression.Words;
import dev.connectbridge.spec.Value;
import java.util.Optional;
import java.util.Set;

/** Tells names that only the runtime knows from those that a file could define. */
final class References {
  private static final Set<String> OF_THE_FILE = Set.of("var", "local", "each", "count", "path");

  private References() {}

  /** Returns whether an expression is nothing but a way from a name to a value. */
  static boolean is(Expression expression) {
    if (expression instanceof Access access) {
      return access.from() instanceof Name
          && access.steps().stream().allMatch(step -> constant(step).isPresent());
    }
    return expression instanceof Name;
  }

  /** Returns whether an expression begins with a name that is no constant. */
  static boolean isNamed(Expression expression) {
    return !root(expression).isEmpty();
  }

  /** Returns whether the runtime knows it; other names belong to the file. */
  static boolean isRuntime(Expression reference) {
    return is(reference) && !isOfTheFile(reference);
  }

  static boolean isOfTheFile(Expression reference) {
    return OF_THE_FILE.contains(root(reference));
  }

  static String root(Expression reference) {
    Expression root = reference instanceof Access access ? access.from() : reference;
    return root instanceof Name name ? name.name() : "";
  }

  /** Returns whether there is a text in it that only the runtime can complete. */
  static boolean holdsRuntime(Value value) {
    if (value instanceof Value.Text text) {
      return text.text().contains("${");
    }
    if (value instanceof Value.Items items) {
      return items.items().stream().anyMatch(References::holdsRuntime);
    }
    return value instanceof Value.Entries entries
        && entries.entries().values().stream().anyMatch(References::holdsRuntime);
  }

  /** Returns a reference as it could be written. */
  static String written(Expression reference) {
    StringBuilder text = new StringBuilder(root(reference));
    if (reference instanceof Access access) {
      access.steps().forEach(step -> text.append('.').append(constant(step).orElse("*")));
    }
    return Found.shortened(text.toString());
  }

  private static Optional<String> constant(Step step) {
    return step.key().flatMap(References::constant);
  }

  /** Returns what a number or a text without anything inserted says. */
  static Optional<String> constant(Expression key) {
    if (key instanceof Constant constant && constant.value() instanceof Value.Num num) {
      return Optional.of(num.number().toPlainString());
    }
    if (key instanceof Template template
        && template.parts().size() == 1
        && template.parts().get(0) instanceof Words words) {
      return Optional.of(words.text());
    }
    return Optional.empty();
  }
}
