package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code var.NAME} and {@code local.NAME} stand for in a file. */
final class Definitions {
  private static final Set<String> TYPES = Set.of("variable", "variables", "locals");

  private final Complaints complaints;
  private final Map<String, Optional<Node>> variables = new LinkedHashMap<>();
  private final Map<String, Syntax.Attribute> locals = new LinkedHashMap<>();
  private final Map<String, Optional<Node>> values = new HashMap<>();
  private boolean someLocalsLost;
  private boolean someVariablesLost;
  private final Set<String> underway = new LinkedHashSet<>();
  private Optional<Evaluator> evaluator = Optional.empty();

  Definitions(Complaints complaints) {
    this.complaints = complaints;
  }

  /** Returns whether a block at the top of a file defines what others use. */
  static boolean is(Syntax.Block block) {
    return TYPES.contains(block.type());
  }

  /** Works out everything that the file defines; values that are given win over defaults. */
  void read(Syntax.Body file, Variables given, World world) {
    Evaluator constants = new Evaluator(world, complaints, Scope.EMPTY);
    someVariablesLost = Declarations.areLost(file);
    someLocalsLost = file.hasLost(Set.of("", "locals"));
    variables.putAll(new Declarations(complaints, constants).read(file, given));
    evaluator = Optional.of(constants);
    new Validations(complaints, constants).check(file, variables);
    for (Syntax.Block block : file.blocks()) {
      if (block.type().equals("locals")) {
        gather(block);
      }
    }
    complaints.enter("locals");
    for (Syntax.Attribute each : locals.values()) {
      if (!values.containsKey(each.name())) {
        work(each, constants);
      }
    }
    complaints.leave();
  }

  private void gather(Syntax.Block block) {
    complaints.enter("locals");
    if (!block.labels().isEmpty()) {
      complaints.problem(block.labels().get(0).place(), "locals takes no label");
    }
    for (Syntax.Block inner : block.body().blocks()) {
      complaints.problem(inner.place(), "expected NAME = VALUE in locals, found a block");
    }
    someLocalsLost |= block.body().hasLost(Set.of(""));
    for (Syntax.Attribute each : block.body().attributes()) {
      Syntax.Attribute first = locals.putIfAbsent(each.name(), each);
      if (first != null) {
        complaints.problem(
            each.place(),
            "local.%s is defined twice: first in line %d"
                .formatted(Found.shortened(each.name()), first.place().line()));
      }
    }
    complaints.leave();
  }

  /** Returns what a variable stands for. */
  Node variable(String name, Place place) {
    if (evaluator.isEmpty()) {
      throw new Fault(place, "nothing else is known here: the value of a variable is a constant");
    }
    Optional<Node> found = variables.get(name);
    if (found == null && someVariablesLost) {
      throw Fault.told(place);
    }
    if (found == null) {
      throw new Fault(
          place,
          "there is no variable \"%s\"%s"
              .formatted(Found.shortened(name), Meant.hint(name, variables.keySet())));
    }
    return found.orElseThrow(() -> Fault.told(place));
  }

  /** Returns what a local stands for, which may have to be worked out first. */
  Node local(String name, Place place) {
    Syntax.Attribute local = locals.get(name);
    if (evaluator.isEmpty()) {
      throw new Fault(place, "nothing else is known here: the value of a variable is a constant");
    }
    if (local == null && someLocalsLost) {
      throw Fault.told(place);
    }
    if (local == null) {
      throw new Fault(
          place,
          "there is no local \"%s\"%s"
              .formatted(Found.shortened(name), Meant.hint(name, locals.keySet())));
    }
    if (underway.contains(name)) {
      throw new Fault(place, "this goes in a circle: " + circle(name));
    }
    if (!values.containsKey(name)) {
      work(local, evaluator.get());
    }
    return values.get(name).orElseThrow(() -> Fault.told(place));
  }

  private void work(Syntax.Attribute local, Evaluator evaluator) {
    underway.add(local.name());
    try {
      values.put(local.name(), evaluator.whole(local.value()));
    } finally {
      underway.remove(local.name());
    }
  }

  private String circle(String name) {
    List<String> names = new ArrayList<>(underway);
    List<String> around = new ArrayList<>(names.subList(names.indexOf(name), names.size()));
    around.add(name);
    return Found.shortened(
        String.join(" → ", around.stream().map(each -> "local." + each).toList()), 200);
  }
}
