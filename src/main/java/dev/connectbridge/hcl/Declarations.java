package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Variables.Given;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the variables that a file declares, and gives each its value. */
final class Declarations {
  private static final List<String> KEYS = List.of("type", "default", "description", "sensitive");

  private final Complaints complaints;
  private final Evaluator constants;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Optional<Node>> values = new LinkedHashMap<>();
  private final Map<String, Given> given = new LinkedHashMap<>();

  Declarations(Complaints complaints, Evaluator constants) {
    this.complaints = complaints;
    this.constants = constants;
  }

  /** Returns the names of the variables that a file declares. */
  static Set<String> names(Syntax.Body file) {
    Map<String, Place> names = new LinkedHashMap<>();
    for (Syntax.Block block : file.blocks()) {
      if (block.type().equals("variable") && !block.labels().isEmpty()) {
        names.put(block.labels().get(0).text(), block.place());
      } else if (block.type().equals("variables")) {
        block.body().attributes().forEach(each -> names.put(each.name(), each.place()));
      }
    }
    return names.keySet();
  }

  /** Returns whether there may be variables that could not be read. */
  static boolean areLost(Syntax.Body file) {
    return file.hasLost(Set.of("", "variable", "variables"))
        || file.blocks().stream()
            .anyMatch(
                block -> block.type().equals("variables") && block.body().hasLost(Set.of("")));
  }

  /** Returns the variables by name; one that is empty has a problem. */
  Map<String, Optional<Node>> read(Syntax.Body file, Variables outside) {
    outside.given().forEach(each -> given.put(each.name(), each));
    for (Syntax.Block block : file.blocks()) {
      complaints.enter(block.step());
      if (block.type().equals("variable")) {
        variable(block);
      } else if (block.type().equals("variables")) {
        several(block);
      }
      complaints.leave();
    }
    for (Given each : outside.given()) {
      if (!values.containsKey(each.name()) && !areLost(file)) {
        String message =
            "there is no variable \"%s\" in the job file%s"
                .formatted(Found.shortened(each.name()), Meant.hint(each.name(), values.keySet()));
        complaints.problem(problem(each, each.value().place(), message));
      }
    }
    return values;
  }

  private static Problem problem(Given given, Place place, String message) {
    return new Problem(given.source(), "var." + Found.shortened(given.name()), place, message);
  }

  private void several(Syntax.Block block) {
    for (Syntax.Block inner : block.body().blocks()) {
      complaints.problem(inner.place(), "expected NAME = VALUE in variables, found a block");
    }
    if (!block.labels().isEmpty()) {
      complaints.problem(block.labels().get(0).place(), "variables takes no label");
    }
    for (Syntax.Attribute each : block.body().attributes()) {
      if (isNew(each.name(), each.place())) {
        Optional<Node> preset = constants.whole(each.value());
        Type type = preset.map(node -> Types.of(node.value())).orElse(Types.ANY);
        values.put(each.name(), value(each.name(), type, preset));
      }
    }
  }

  private boolean isNew(String name, Place place) {
    Place first = places.putIfAbsent(name, place);
    if (first != null) {
      complaints.problem(
          place,
          "the variable \"%s\" is declared twice: first in line %d"
              .formatted(Found.shortened(name), first.line()));
    }
    return first == null;
  }

  private void variable(Syntax.Block block) {
    if (block.labels().size() != 1) {
      complaints.problem(block.place(), "a variable needs one label: variable \"NAME\" { … }");
      return;
    }
    String name = block.labels().get(0).text();
    if (name.isEmpty() || Names.end(name, 0) != name.length()) {
      complaints.problem(
          block.labels().get(0).place(),
          "expected a name of letters, digits, '_' and '-', found \""
              + Found.shortened(name)
              + "\"");
    }
    if (isNew(name, block.labels().get(0).place())) {
      values.put(name, declared(block, name));
    }
  }

  private Optional<Node> declared(Syntax.Block block, String name) {
    Map<String, Syntax.Attribute> keys = new HashMap<>();
    block.body().attributes().forEach(each -> keys.put(each.name(), each));
    boolean strange = false;
    for (Syntax.Attribute each : block.body().attributes()) {
      strange |= each.isLost() || !KEYS.contains(each.name());
      if (!each.isLost() && !KEYS.contains(each.name())) {
        complaints.problem(each.place(), unknown(each.name(), "variable", KEYS));
      }
    }
    for (Syntax.Block each : block.body().blocks()) {
      if (!each.type().equals("validation")) {
        complaints.problem(each.place(), unknown(each.type(), "variable", List.of("validation")));
      }
    }
    boolean known = keys.containsKey("default") || given.containsKey(name);
    boolean lost = keys.values().stream().anyMatch(Syntax.Attribute::isLost);
    return lost || (strange && !known) ? Optional.empty() : value(block, name, keys);
  }

  static String unknown(String key, String block, List<String> known) {
    return "unknown key \"%s\" in %s%s"
        .formatted(Found.shortened(key), block, Meant.hint(key, known));
  }

  private Optional<Node> value(
      Syntax.Block block, String name, Map<String, Syntax.Attribute> keys) {
    Optional<Type> type = Optional.of(Types.ANY);
    if (keys.containsKey("type")) {
      type = type(keys.get("type").value());
    }
    Optional<Node> preset =
        Optional.ofNullable(keys.get("default")).flatMap(each -> constants.whole(each.value()));
    boolean broken = type.isEmpty() || (keys.containsKey("default") && preset.isEmpty());
    if (broken) {
      return Optional.empty();
    }
    if (preset.isEmpty() && !given.containsKey(name)) {
      complaints.problem(
          block.place(),
          "the variable \"%s\" has no value: it needs a default, or --var %s=VALUE"
              .formatted(Found.shortened(name), Found.shortened(name)));
      return Optional.empty();
    }
    boolean untyped = !keys.containsKey("type") && preset.isPresent();
    Type wanted = untyped ? Types.of(preset.get().value()) : type.get();
    return value(name, wanted, preset);
  }

  private Optional<Type> type(Expression written) {
    try {
      return Optional.of(Types.read(written));
    } catch (Fault fault) {
      complaints.problem(fault);
      return Optional.empty();
    }
  }

  /** Returns the value that counts, as its type; the default is checked even where it does not. */
  private Optional<Node> value(String name, Type type, Optional<Node> preset) {
    Optional<Node> converted = Optional.empty();
    try {
      converted = preset.map(type::convert);
    } catch (Fault fault) {
      complaints.problem(fault);
    }
    Given outside = given.get(name);
    if (outside == null) {
      return converted;
    }
    if (!outside.value().isKnown()) {
      return Optional.empty();
    }
    try {
      Node node = type.convert(outside.bare() ? read(outside, type) : outside.value());
      return Optional.of(Decoded.at(node, places.get(name)));
    } catch (Fault fault) {
      complaints.problem(
          problem(
              outside,
              fault.place(),
              fault.message() + " (the variable is a " + Found.shortened(type.written()) + ")"));
      return Optional.empty();
    }
  }

  /** Reads what a shell handed over; a text stands for itself, anything else is an expression. */
  private static Node read(Given given, Type type) {
    if (type instanceof Type.Any || type instanceof Type.Plain) {
      return given.value();
    }
    String text = ((Value.Text) given.value().value()).text();
    HclDocument document = Hcl.parse(given.source(), "value = " + text);
    Optional<HclBody.Attribute> found = document.body().attributes().stream().findFirst();
    boolean single = document.body().attributes().size() == 1 && document.body().blocks().isEmpty();
    if (!document.problems().isEmpty() || !single) {
      String why =
          document.problems().stream().findFirst().map(Problem::message).orElse("expected one");
      throw new Fault(given.value().place(), "this is no value: " + why);
    }
    Node node = found.orElseThrow().value();
    return Decoded.at(node, given.value().place());
  }
}
