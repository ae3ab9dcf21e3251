package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Name;
import dev.connectbridge.hcl.HclBody.Block;
import dev.connectbridge.hcl.HclBody.Label;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Unfolds dynamic blocks: one block of the named type for each value. */
final class Dynamics {
  private static final List<String> KEYS = List.of("for_each", "iterator", "labels");

  private final Complaints complaints;
  private final Unfolding unfolding;

  Dynamics(Complaints complaints, Unfolding unfolding) {
    this.complaints = complaints;
    this.unfolding = unfolding;
  }

  void unfold(Syntax.Block dynamic, Evaluator evaluator, List<Block> into) {
    if (dynamic.labels().size() != 1) {
      throw new Fault(
          dynamic.place(), "dynamic needs one label, the type of its blocks: dynamic \"TYPE\"");
    }
    if (dynamic.body().attributes().stream().anyMatch(Syntax.Attribute::isLost)) {
      throw Fault.told(dynamic.place());
    }
    String type = dynamic.labels().get(0).text();
    Map<String, Expression> keys = keys(dynamic);
    if (!keys.containsKey("for_each")) {
      throw new Fault(dynamic.place(), "dynamic needs for_each, the values to make blocks of");
    }
    Syntax.Block content = content(dynamic);
    String iterator = iterator(keys, type);
    Expression over = keys.get("for_each");
    for (Walk.Round round : Walk.over(evaluator.evaluate(over), over.place())) {
      Evaluator inner = evaluator.with(Map.of(iterator, each(round)));
      List<Label> labels =
          keys.containsKey("labels") ? labels(keys.get("labels"), inner) : List.of();
      into.add(unfolding.block(content, type, labels, inner));
    }
  }

  private Map<String, Expression> keys(Syntax.Block dynamic) {
    Map<String, Expression> keys = new HashMap<>();
    for (Syntax.Attribute each : dynamic.body().attributes()) {
      keys.put(each.name(), each.value());
      if (!KEYS.contains(each.name())) {
        complaints.problem(
            each.place(),
            Declarations.unknown(each.name(), "dynamic", KEYS)
                + "; what the blocks are to hold belongs in content { }");
      }
    }
    return keys;
  }

  private Syntax.Block content(Syntax.Block dynamic) {
    List<Syntax.Block> contents = new ArrayList<>();
    for (Syntax.Block each : dynamic.body().blocks()) {
      if (each.type().equals("content")) {
        contents.add(each);
      } else {
        complaints.problem(
            each.place(), Declarations.unknown(each.type(), "dynamic", List.of("content")));
      }
    }
    if (contents.size() != 1) {
      throw new Fault(dynamic.place(), "dynamic needs one content { } block");
    }
    if (!contents.get(0).labels().isEmpty()) {
      throw new Fault(
          contents.get(0).labels().get(0).place(),
          "content takes no label: expected labels = […] beside it");
    }
    return contents.get(0);
  }

  private static String iterator(Map<String, Expression> keys, String type) {
    Expression named = keys.get("iterator");
    if (named == null) {
      return type;
    }
    if (named instanceof Name name) {
      return name.name();
    }
    throw new Fault(named.place(), "expected a bare name as iterator");
  }

  private static Node each(Walk.Round round) {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    members.put("key", new Node.Member(round.key().place(), round.key()));
    members.put("value", new Node.Member(round.value().place(), round.value()));
    return new Node.Entries(members, round.value().place());
  }

  private static List<Label> labels(Expression written, Evaluator evaluator) {
    if (!(evaluator.evaluate(written) instanceof Node.Items items)) {
      throw new Fault(written.place(), "expected a list of texts as labels");
    }
    List<Label> labels = new ArrayList<>();
    for (Node item : items.items()) {
      String text = Arithmetic.text(item.value(), item.place(), "a label");
      if (References.holdsRuntime(item.value())) {
        throw new Fault(item.place(), "a label cannot be what only the runtime knows");
      }
      labels.add(new Label(text, item.place()));
    }
    return labels;
  }
}
