package dev.connectbridge.parse;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page that lists every key of a spec, made of the shapes that read it. */
final class Reference {
  private static final String HEAD =
      """
      # Every key of a spec

      Made from what the parser reads with; `mvn -Dgoldens=write test` writes it anew. How these things work together is told in
      [specs.md](specs.md). JSON and YAML have the same keys: a block is an object, a repeated one a list of objects, a labelled
      one an object with a member for each label.

      `SVC` is the body of `PUT /v1/agent/service/register`, `SC` is `SVC.Connect.SidecarService`, `PX` is `SC.Proxy` and `UP` one of
      `PX.Upstreams[]`; `ENTRY` is the body of `PUT /v1/config`. A duration is a text such as `"1m30s"`. A text may be written as a number or as true or false, a number
      and true or false as a text.
      """;

  private final Map<Shape, String> names = Shapes.named();
  private final StringBuilder page = new StringBuilder(HEAD);

  private Reference() {}

  /** Returns the page as Markdown. */
  static String page() {
    Reference reference = new Reference();
    reference.names.forEach(reference::block);
    return reference.page.toString();
  }

  private void block(Shape shape, String name) {
    List<Key> keys = shape.keys().stream().filter(Shapes::isDescribed).toList();
    page.append("\n## ").append(name).append("\n");
    if (shape.isLabelled()) {
      page.append("\nIt has a label: `").append(shape.name()).append(" \"NAME\" { … }`.\n");
    }
    if (!keys.isEmpty()) {
      page.append("\n| key | type | unless said | what it is | where it ends up |\n");
      page.append("|---|---|---|---|---|\n");
      keys.forEach(this::row);
    }
    String ignored =
        shape.keys().stream()
            .filter(key -> key.is(Key.Mark.IGNORED) && !key.is(Key.Mark.API_ONLY))
            .map(key -> "`" + key.name() + "`")
            .collect(Collectors.joining(", "));
    if (!ignored.isEmpty()) {
      page.append("\nRead and passed over: ").append(ignored).append(".\n");
    }
    page.append(rest(shape, keys.isEmpty()));
  }

  private static String rest(Shape shape, boolean empty) {
    if (shape.unknown() == Shape.Unknown.IGNORED) {
      return "\nAny key may stand in it, and is passed over.\n";
    }
    return empty ? "\nIt is empty.\n" : "";
  }

  private void row(Key key) {
    List<String> cells =
        List.of(
            "`" + key.name() + "`",
            type(key),
            otherwise(key),
            key.told().about(),
            key.told().goes());
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private String type(Key key) {
    return switch (key.kind()) {
      case TEXT -> key.words().isEmpty() ? "text" : words(key);
      case INTEGER -> "whole number";
      case FLAG -> "true or false";
      case DURATION -> "duration";
      case TEXTS -> "list of texts";
      case TEXT_MAP -> "map of texts";
      case TEXTS_MAP -> "map of lists of texts";
      case OPAQUE_MAP -> "map of anything";
      case BLOCK -> "block " + link(key);
      case BLOCKS -> "blocks " + link(key);
    };
  }

  private static String words(Key key) {
    return key.words().stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }

  private String link(Key key) {
    String name = names.get(key.inside().orElseThrow());
    return "[" + name + "](#" + name + ")";
  }

  private static String otherwise(Key key) {
    if (key.is(Key.Mark.REQUIRED)) {
      return "required";
    }
    if (!key.told().otherwise().isEmpty()) {
      return "`" + key.told().otherwise() + "`";
    }
    if (key.kind() == Key.Kind.FLAG) {
      return "`false`";
    }
    return key.told().inferred().isEmpty() ? "none" : key.told().inferred();
  }
}
