package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Interpolation;
import dev.connectbridge.hcl.Expression.Part;
import dev.connectbridge.spec.Origin.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a template in the order written, before its directives are brought together. */
final class Pieces {

  /** A part of a template, or a word of a directive. */
  sealed interface Piece {}

  /** Text; in a heredoc, of one line. */
  record Literal(String text) implements Piece {}

  /** A {@code ${…}}. */
  record Inserted(Interpolation interpolation) implements Piece {}

  /** A {@code %{…}}: if, else, endif, for or endfor. */
  record Directive(String keyword, List<String> names, Optional<Expression> expression, Place place)
      implements Piece {
    Directive {
      names = List.copyOf(names);
    }
  }

  private final List<Piece> pieces = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();
  private boolean trimsNext;

  void text(String text) {
    literal.append(text);
  }

  /** Ends the literal, so that lines can be told apart. */
  void cut() {
    if (literal.length() == 0) {
      return;
    }
    String text = literal.toString();
    pieces.add(new Literal(trimsNext ? text.stripLeading() : text));
    trimsNext = false;
    literal.setLength(0);
  }

  /** Adds what is no literal; its marks say on which sides white space is taken away. */
  void add(Piece piece, boolean trimsBefore, boolean trimsAfter) {
    cut();
    int last = pieces.size() - 1;
    if (trimsBefore && last >= 0 && pieces.get(last) instanceof Literal before) {
      pieces.set(last, new Literal(before.text().stripTrailing()));
    }
    pieces.add(piece);
    trimsNext = trimsAfter;
  }

  /** Takes away the indentation that all lines have in common; blank lines do not count. */
  void unindent() {
    List<Integer> lines = new ArrayList<>();
    int least = Integer.MAX_VALUE;
    boolean lineBegins = true;
    for (int at = 0; at < pieces.size(); at++) {
      String text = pieces.get(at) instanceof Literal found ? found.text() : "";
      if (lineBegins && !(text.isBlank() && text.endsWith("\n"))) {
        least = Math.min(least, text.length() - text.stripLeading().length());
        lines.add(at);
      }
      lineBegins = text.endsWith("\n");
    }
    for (int at : lines) {
      if (pieces.get(at) instanceof Literal found) {
        pieces.set(at, new Literal(found.text().substring(least)));
      }
    }
  }

  /** Returns the parts, each if with its endif and each for with its endfor. */
  List<Part> parts(Cursor cursor) {
    cut();
    return new Nesting(pieces, cursor).parts();
  }
}
