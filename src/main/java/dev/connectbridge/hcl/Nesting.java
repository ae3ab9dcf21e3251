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
    StringBuilder words = new StringBuilder();
    while (next < pieces.size()) {
      Piece piece = pieces.get(next);
      if (piece instanceof Directive directive && isEnd(directive, ends)) {
        break;
      }
      next++;
      if (piece instanceof Literal literal) {
        words.append(literal.text());
        continue;
      }
      flush(words, parts);
      parts.add(part(piece));
    }
    flush(words, parts);
    return parts;
  }

  private static boolean isEnd(Directive directive, Set<String> ends) {
    String keyword = directive.keyword();
    return ends.contains(keyword) || !(keyword.equals("if") || keyword.equals("for"));
  }

  private static void flush(StringBuilder words, List<Part> parts) {
    if (words.length() > 0) {
      parts.add(new Words(words.toString()));
      words.setLength(0);
    }
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
