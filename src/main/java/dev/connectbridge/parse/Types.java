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
      case INTEGER ->
          unless(
              Scalars.integer(node).isPresent(),
              node,
              "expected a whole number, found " + Scalars.describe(node));
      case FLAG ->
          unless(
              Scalars.flag(node).isPresent(),
              node,
              "expected true or false, found " + Scalars.describe(node));
      case DURATION ->
          unless(
              Durations.read(node, notation).isPresent(),
              node,
              Durations.complaint(node, notation));
      case TEXTS -> list(node);
      case TEXT_MAP, TEXTS_MAP, OPAQUE_MAP -> map(key.kind(), node);
      case BLOCK, BLOCKS -> Optional.empty();
    };
  }

  private static Optional<Complaint> unless(boolean fine, Node node, String message) {
    return fine ? Optional.empty() : Optional.of(new Complaint(node.place(), message));
  }

  private static Optional<Complaint> text(Key key, Node node) {
    Optional<String> text = Scalars.text(node);
    if (text.isEmpty()) {
      return unless(false, node, "expected a text, found " + Scalars.describe(node));
    }
    String written = key.is(Mark.FOLDED) ? text.get().toLowerCase(Locale.ROOT) : text.get();
    if (key.words().isEmpty() || written.isEmpty() || key.words().contains(written)) {
      return Optional.empty();
    }
    if (key.laterWords().contains(written)) {
      return unless(false, node, key.name() + " " + written + " is not supported yet");
    }
    return unless(
        false,
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
      return unless(
          false, node, "expected a list of texts, found " + Scalars.describe(node) + hint);
    }
    return items.items().stream()
        .filter(item -> Scalars.text(item).isEmpty())
        .findFirst()
        .flatMap(
            item ->
                unless(false, item, "expected a list of texts, found " + Scalars.describe(item)));
  }

  private static Optional<Complaint> map(Kind kind, Node node) {
    if (!(node instanceof Node.Entries entries)) {
      return unless(
          false, node, "expected a map of names and values, found " + Scalars.describe(node));
    }
    return entries.members().values().stream()
        .map(member -> member(kind, member.node()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Complaint> member(Kind kind, Node node) {
    return switch (kind) {
      case TEXT_MAP ->
          unless(
              Scalars.text(node).isPresent(),
              node,
              "expected a text, found " + Scalars.describe(node));
      case TEXTS_MAP -> list(node);
      default -> Optional.empty();
    };
  }
}
