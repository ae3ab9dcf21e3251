package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Choice;
import dev.connectbridge.hcl.Expression.Interpolation;
import dev.connectbridge.hcl.Expression.Loop;
import dev.connectbridge.hcl.Expression.Part;
import dev.connectbridge.hcl.Expression.Template;
import dev.connectbridge.hcl.Expression.Words;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.List;

/** Works out templates; what only the runtime knows stays in them as it was written. */
final class Texts {
  private final Evaluator evaluator;

  Texts(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  Node evaluate(Template template) {
    List<Part> parts = template.parts();
    if (parts.size() == 1
        && parts.get(0) instanceof Interpolation alone
        && !evaluator.isRuntime(alone.value())) {
      return evaluator.inserted(new Expression.Parentheses(alone.value(), template.place()));
    }
    if (parts.size() == 1 && parts.get(0) instanceof Words words) {
      // text as it was written is as long as the file at most: nothing is made of it
      return new Node.Scalar(new Value.Text(words.text()), template.place());
    }
    StringBuilder text = new StringBuilder();
    add(parts, evaluator, text, template.place());
    String whole = evaluator.budget().text(text.toString(), template.place());
    return new Node.Scalar(new Value.Text(whole), template.place());
  }

  private static void add(List<Part> parts, Evaluator evaluator, StringBuilder text, Place place) {
    for (Part part : parts) {
      if (part instanceof Words words) {
        text.append(words.text());
      } else if (part instanceof Interpolation inserted) {
        text.append(inserted(inserted, evaluator));
      } else if (part instanceof Choice choice) {
        choice(choice, evaluator, text);
      } else {
        loop((Loop) part, evaluator, text);
      }
      evaluator.budget().length(text.length(), place);
    }
  }

  private static void choice(Choice choice, Evaluator evaluator, StringBuilder text) {
    Expression condition = choice.condition();
    boolean holds = evaluator.inText(() -> evaluator.flag(condition));
    add(holds ? choice.yes() : choice.no(), evaluator, text, choice.place());
  }

  private static void loop(Loop loop, Evaluator evaluator, StringBuilder text) {
    Node over = evaluator.inserted(loop.over());
    for (Walk.Round round : Walk.over(over, loop.over().place())) {
      evaluator.budget().step(loop.place());
      add(loop.body(), evaluator.with(round.named(loop.names())), text, loop.place());
    }
  }

  private static String inserted(Interpolation inserted, Evaluator evaluator) {
    if (evaluator.isRuntime(inserted.value())) {
      return "${" + inserted.source() + "}";
    }
    Value value = evaluator.inserted(inserted.value()).value();
    return Arithmetic.text(value, inserted.place(), "what is inserted in a text");
  }
}
