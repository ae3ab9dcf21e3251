package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody;
import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Block;
import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.hcl.HclDocument;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The paths of what is wrong with values and blocks: HCL alone does not know which blocks repeat.
 */
final class Whereabouts {
  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::line).thenComparingInt(Place::column);

  private final Map<Problem, Problem> values = new HashMap<>();
  private final Map<String, NavigableMap<Place, String>> blocks = new HashMap<>();

  private Whereabouts() {}

  /** Tells the problems and warnings of a text, each with the path of its value or block. */
  static void tell(HclDocument document, Report report) {
    if (document.problems().isEmpty() && document.warnings().isEmpty()) {
      return;
    }
    Whereabouts whereabouts = new Whereabouts();
    whereabouts.look(document.body(), Optional.of(JobShapes.FILE), "", "");
    document.problems().forEach(each -> report.problem(whereabouts.of(each)));
    document.warnings().forEach(each -> report.warning(whereabouts.of(each)));
  }

  private void look(HclBody body, Optional<Shape> shape, String path, String unnumbered) {
    for (Attribute each : body.attributes()) {
      if (each.value() instanceof Node.Unknown unknown) {
        unknown.why().forEach(why -> values.putIfAbsent(why, at(why, join(path, each.name()))));
      }
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Block each : body.blocks()) {
      int index = counts.merge(each.type(), 1, Integer::sum) - 1;
      Optional<Key> key = shape.flatMap(around -> around.key(each.type()));
      String written = step(unnumbered, each);
      String inside =
          key.map(known -> KeyDecoder.path(path, known, each.labels(), index))
              .orElseGet(() -> step(path, each));
      blocks.computeIfAbsent(written, any -> new TreeMap<>(ORDER)).put(each.place(), inside);
      look(each.body(), key.flatMap(Key::inside), inside, written);
    }
  }

  private Problem of(Problem problem) {
    Problem value = values.get(problem);
    return value != null ? value : at(problem, numbered(problem.path(), problem.place()));
  }

  /** Returns a path with the number of each block, as far as the blocks around it are known. */
  private String numbered(String path, Place place) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
      NavigableMap<Place, String> named = blocks.get(path.substring(0, end));
      if (named != null && named.floorEntry(place) != null) {
        return named.floorEntry(place).getValue() + path.substring(end);
      }
    }
    return path;
  }

  private static Problem at(Problem problem, String path) {
    return new Problem(problem.file(), path, problem.place(), problem.message());
  }

  private static String step(String path, Block block) {
    StringBuilder step = new StringBuilder(join(path, block.type()));
    for (Label label : block.labels()) {
      step.append('.').append(label.text());
    }
    return step.toString();
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
