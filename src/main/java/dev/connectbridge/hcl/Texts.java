package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Interpolation;
import dev.connectbridge.hcl.Expression.Part;
import dev.connectbridge.hcl.Expression.Template;
import dev.connectbridge.hcl.Expression.Words;
import dev.connectbridge.spec.Value;

/** Works out templates; what only the runtime knows stays in them as it was written. */
final class Texts {
  private final Evaluator evaluator;
  private int kept;

  Texts(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  /** Returns how many values were left to the runtime so far. */
  int kept() {
    return kept;
  }

  Node evaluate(Template template) {
    if (template.parts().size() == 1
        && template.parts().get(0) instanceof Interpolation alone
        && !References.isRuntime(alone.value())) {
      return evaluator.inserted(new Expression.Parentheses(alone.value(), template.place()));
    }
    StringBuilder text = new StringBuilder();
    template.parts().forEach(part -> text.append(text(part)));
    return new Node.Scalar(new Value.Text(text.toString()), template.place());
  }

  private String text(Part part) {
    if (part instanceof Words words) {
      return words.text();
    }
    if (part instanceof Interpolation inserted) {
      return inserted(inserted);
    }
    throw part instanceof Expression.Choice choice
        ? new Fault(choice.place(), "template directives are not understood yet: %{ if }")
        : new Fault(
            ((Expression.Loop) part).place(),
            "template directives are not understood yet: %{ for }");
  }

  private String inserted(Interpolation inserted) {
    if (References.isRuntime(inserted.value())) {
      kept++;
      return "${" + inserted.source() + "}";
    }
    Value value = evaluator.inserted(inserted.value()).value();
    return Arithmetic.text(value, inserted.place(), "what is inserted in a text");
  }
}
