package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Choice;
import dev.connectbridge.hcl.Expression.Loop;
import dev.connectbridge.hcl.Expression.Part;
import dev.connectbridge.hcl.Expression.Words;
import dev.connectbridge.hcl.Pieces.Directive;
import dev.connectbridge.hcl.Pieces.Inserted;
import dev.connectbridge.hcl.Pieces.Literal;
import dev.connectbridge.hcl.Pieces.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Brings each if of a template together with its endif, and each for with its endfor. */
final class Nesting {
  private final List<Piece> pieces;
  private final Cursor cursor;
  private int next;

  Nesting(List<Piece> pieces, Cursor cursor) {
    this.pieces = pieces;
    this.cursor = cursor;
  }

  List<Part> parts() {
    List<Part> parts = until(Set.of());
    if (next < pieces.size() && pieces.get(next) instanceof Directive directive) {
      throw new Fault(
          directive.place(), "%{ " + directive.keyword() + " } has nothing that it belongs to");
    }
    return parts;
  }

  /** Reads up to a directive that ends what is being read, or that begins nothing. */
  private List<Part> until(Set<String> ends) {
    List<Part> parts = new ArrayList<>();
    while (next < pieces.size() && !isEnd(pieces.get(next), ends)) {
      parts.add(pieces.get(next) instanceof Literal ? words() : part(pieces.get(next++)));
    }
    return parts;
  }

  /** Reads literals as one; they are kept when empty, for a text with an empty part is a text. */
  private Part words() {
    StringBuilder words = new StringBuilder();
    while (next < pieces.size() && pieces.get(next) instanceof Literal literal) {
      words.append(literal.text());
      next++;
    }
    return new Words(words.toString());
  }

  private static boolean isEnd(Piece piece, Set<String> ends) {
    if (piece instanceof Directive directive) {
      String keyword = directive.keyword();
      return ends.contains(keyword) || !(keyword.equals("if") || keyword.equals("for"));
    }
    return false;
  }

  private Part part(Piece piece) {
    if (piece instanceof Inserted inserted) {
      return inserted.interpolation();
    }
    Directive begin = (Directive) piece;
    return cursor.deeper(() -> begin.keyword().equals("if") ? choice(begin) : loop(begin));
  }

  private Part choice(Directive begin) {
    List<Part> yes = until(Set.of("else", "endif"));
    List<Part> no = List.of();
    if (takes("else")) {
      no = until(Set.of("endif"));
    }
    expect("endif", begin);
    return new Choice(begin.expression().orElseThrow(), yes, no, begin.place());
  }

  private Part loop(Directive begin) {
    List<Part> body = until(Set.of("endfor"));
    expect("endfor", begin);
    return new Loop(begin.names(), begin.expression().orElseThrow(), body, begin.place());
  }

  private boolean takes(String keyword) {
    boolean found =
        next < pieces.size()
            && pieces.get(next) instanceof Directive directive
            && directive.keyword().equals(keyword);
    next += found ? 1 : 0;
    return found;
  }

  private void expect(String keyword, Directive begin) {
    if (!takes(keyword)) {
      throw new Fault(
          begin.place(),
          "%%{ %s } is never closed: expected %%{ %s }".formatted(begin.keyword(), keyword));
    }
  }
}
