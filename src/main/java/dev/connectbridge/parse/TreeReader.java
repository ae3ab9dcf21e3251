package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.util.List;
import java.util.Optional;

/** Reads JSON and YAML into a tree that knows where each of its values is written. */
public final class TreeReader {
  /** How deep objects and lists may stand in each other. */
  static final int DEEPEST = 100;

  private TreeReader() {}

  /**
   * What a text was read as.
   *
   * @param root its one value; absent when it cannot be read or is empty
   * @param problems why it cannot be used
   */
  public record Tree(Optional<Node> root, List<Problem> problems) {
    public Tree {
      problems = List.copyOf(problems);
    }
  }

  /** Returns the JSON value that the text is. */
  public static Tree json(String file, String text) {
    Source source = Source.of(file, text);
    return source.fault().map(TreeReader::failed).orElseGet(() -> new JsonTree(source).read());
  }

  /** Returns the YAML document that the text is. */
  public static Tree yaml(String file, String text) {
    Source source = Source.of(file, text);
    return source.fault().map(TreeReader::failed).orElseGet(() -> new YamlTree(source).read());
  }

  private static Tree failed(Problem problem) {
    return new Tree(Optional.empty(), List.of(problem));
  }

  /** Returns the depth below one more object or list, or says that it is too deep. */
  static int deeper(int depth, Place place) throws Unreadable {
    if (depth >= DEEPEST) {
      throw new Unreadable(
          place, "nested too deeply: more than " + DEEPEST + " levels of objects and lists");
    }
    return depth + 1;
  }
}
