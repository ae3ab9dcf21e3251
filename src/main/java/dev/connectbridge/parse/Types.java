package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.Key.Kind;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a value is what its key takes. */
final class Types {
  private static final Optional<Complaint> FINE = Optional.empty();

  private Types() {}

  /** What is wrong with a value, at the innermost place that is wrong. */
  record Complaint(Place place, String message) {}

  static Optional<List<String>> texts(Node node) {
    if (!(node instanceof Node.Items items)) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (Node item : items.items()) {
      Optional<String> text = Scalars.text(item);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      texts.add(text.get());
    }
    return Optional.of(texts);
  }

  static Optional<Complaint> complaint(Key key, Node node, Notation notation) {
    return switch (key.kind()) {
      case TEXT -> text(key, node);
      case INTEGER -> Scalars.integer(node).isPresent() ? FINE : expected("a whole number", node);
      case FLAG -> Scalars.flag(node).isPresent() ? FINE : expected("true or false", node);
      case DURATION ->
          Durations.read(node, notation).isPresent()
              ? FINE
              : wrong(node, Durations.complaint(node, notation));
      case TEXTS -> list(node);
      case TEXT_MAP, TEXTS_MAP, OPAQUE_MAP -> map(key.kind(), node);
      case BLOCK, BLOCKS -> FINE;
    };
  }

  private static Optional<Complaint> wrong(Node node, String message) {
    return Optional.of(new Complaint(node.place(), message));
  }

  private static Optional<Complaint> expected(String what, Node node) {
    return wrong(node, "expected " + what + ", found " + Scalars.describe(node));
  }

  private static Optional<Complaint> text(Key key, Node node) {
    Optional<String> text = Scalars.text(node);
    if (text.isEmpty()) {
      return expected("a text", node);
    }
    String written = key.is(Mark.FOLDED) ? text.get().toLowerCase(Locale.ROOT) : text.get();
    if (key.words().isEmpty() || written.isEmpty() || key.words().contains(written)) {
      return FINE;
    }
    if (key.laterWords().contains(written)) {
      return wrong(node, key.name() + " " + written + " is not supported yet");
    }
    return wrong(
        node,
        "expected one of "
            + String.join(", ", key.words())
            + ", found "
            + Spelling.quoted(text.get())
            + Spelling.didYouMean(written, key.words()));
  }

  private static Optional<Complaint> list(Node node) {
    if (!(node instanceof Node.Items items)) {
      String hint =
          Scalars.text(node).map(text -> "; write [" + Spelling.quoted(text) + "]").orElse("");
      return wrong(node, "expected a list of texts, found " + Scalars.describe(node) + hint);
    }
    for (Node item : items.items()) {
      if (Scalars.text(item).isEmpty()) {
        return expected("a list of texts", item);
      }
    }
    return FINE;
  }

  private static Optional<Complaint> map(Kind kind, Node node) {
    if (!(node instanceof Node.Entries entries)) {
      return expected("a map of names and values", node);
    }
    return entries.members().values().stream()
        .map(member -> member(kind, member.node()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Complaint> member(Kind kind, Node node) {
    return switch (kind) {
      case TEXT_MAP -> Scalars.text(node).isPresent() ? FINE : expected("a text", node);
      case TEXTS_MAP -> list(node);
      default -> FINE;
    };
  }
}
