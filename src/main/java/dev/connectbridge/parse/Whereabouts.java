package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody;
import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Block;
import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.hcl.HclDocument;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The paths of values that could not be worked out: HCL alone does not know which blocks repeat.
 */
final class Whereabouts {
  private final Map<Problem, Problem> found = new HashMap<>();

  private Whereabouts() {}

  /** Returns the problems of a text, each with the path of its value where it has one. */
  static List<Problem> told(HclDocument document) {
    if (document.problems().isEmpty()) {
      return List.of();
    }
    Whereabouts whereabouts = new Whereabouts();
    whereabouts.look(document.body(), Optional.of(JobShapes.FILE), "");
    return document.problems().stream()
        .map(each -> whereabouts.found.getOrDefault(each, each))
        .toList();
  }

  private void look(HclBody body, Optional<Shape> shape, String path) {
    for (Attribute each : body.attributes()) {
      if (each.value() instanceof Node.Unknown unknown) {
        unknown.why().forEach(problem -> found.putIfAbsent(problem, at(problem, path, each)));
      }
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Block each : body.blocks()) {
      int index = counts.merge(each.type(), 1, Integer::sum) - 1;
      Optional<Key> key = shape.flatMap(around -> around.key(each.type()));
      String inside =
          key.map(known -> KeyDecoder.path(path, known, each.labels(), index))
              .orElseGet(() -> step(path, each));
      look(each.body(), key.flatMap(Key::inside), inside);
    }
  }

  private static Problem at(Problem problem, String path, Attribute attribute) {
    String key = path.isEmpty() ? attribute.name() : path + "." + attribute.name();
    return new Problem(problem.file(), key, problem.place(), problem.message());
  }

  private static String step(String path, Block block) {
    StringBuilder step = new StringBuilder(path.isEmpty() ? "" : path + ".").append(block.type());
    for (Label label : block.labels()) {
      step.append('.').append(label.text());
    }
    return step.toString();
  }
}
