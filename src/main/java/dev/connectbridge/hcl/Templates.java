package dev.connectbridge.hcl;

import dev.connectbridge.hcl.Expression.Interpolation;
import dev.connectbridge.hcl.Expression.Template;
import dev.connectbridge.hcl.Pieces.Directive;
import dev.connectbridge.hcl.Pieces.Inserted;
import dev.connectbridge.spec.Origin.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads quoted texts and heredocs, with what is inserted in them. */
final class Templates {
  private final Cursor cursor;
  private final Expressions expressions;
  private final Escapes escapes;

  Templates(Cursor cursor, Expressions expressions, Complaints complaints) {
    this.cursor = cursor;
    this.expressions = expressions;
    escapes = new Escapes(cursor, complaints);
  }

  Template quoted() {
    Place place = cursor.here();
    Pieces pieces = new Pieces();
    cursor.take("\"");
    while (!cursor.take("\"")) {
      if (cursor.atEnd() || cursor.atLineEnd()) {
        throw Escapes.unclosed(place);
      }
      if (cursor.at('\\')) {
        pieces.text(escapes.read());
      } else {
        piece(pieces);
      }
    }
    return new Template(pieces.parts(cursor), place);
  }

  Template heredoc() {
    Place place = cursor.here();
    cursor.take("<<");
    boolean indented = cursor.take("-");
    String marker = cursor.name();
    if (marker.isEmpty()) {
      throw cursor.expected("a name after '<<'");
    }
    if (!cursor.atLineEnd()) {
      throw cursor.expected("the end of the line after '<<" + marker + "'");
    }
    newline();
    Pieces pieces = new Pieces();
    while (!takesMarker(marker)) {
      line(pieces, marker, place);
    }
    if (indented) {
      pieces.unindent();
    }
    return new Template(pieces.parts(cursor), place);
  }

  private void line(Pieces pieces, String marker, Place place) {
    while (!cursor.atEnd()) {
      if (cursor.atLineEnd()) {
        pieces.text(newline());
        pieces.cut();
        return;
      }
      piece(pieces);
    }
    throw Fault.last(
        place, "this heredoc is never closed: expected a line with " + marker + " alone");
  }

  private String newline() {
    int start = cursor.position();
    cursor.take("\r");
    cursor.take("\n");
    return cursor.since(start);
  }

  private boolean takesMarker(String marker) {
    int start = cursor.position();
    spaces();
    if (cursor.take(marker)) {
      int end = cursor.position();
      spaces();
      if (cursor.atEnd() || cursor.atLineEnd()) {
        cursor.moveTo(end);
        return true;
      }
    }
    cursor.moveTo(start);
    return false;
  }

  private void spaces() {
    while (cursor.at(' ') || cursor.at('\t')) {
      cursor.next();
    }
  }

  private void piece(Pieces pieces) {
    if (cursor.take("$${")) {
      pieces.text("${");
    } else if (cursor.take("%%{")) {
      pieces.text("%{");
    } else if (cursor.at("${")) {
      interpolation(pieces);
    } else if (cursor.at("%{")) {
      directive(pieces);
    } else {
      pieces.text(cursor.plain());
    }
  }

  private void interpolation(Pieces pieces) {
    Place place = cursor.here();
    cursor.take("${");
    boolean trimsBefore = cursor.take("~");
    cursor.inside(
        false,
        () -> {
          int start = cursor.position();
          Expression value = expressions.expression();
          cursor.blanks();
          String source = References.is(value) ? cursor.since(start) : "";
          boolean trimsAfter = close(place, "${");
          pieces.add(
              new Inserted(new Interpolation(value, source, place)), trimsBefore, trimsAfter);
          return pieces;
        });
  }

  private void directive(Pieces pieces) {
    Place place = cursor.here();
    cursor.take("%{");
    boolean trimsBefore = cursor.take("~");
    cursor.inside(
        false,
        () -> {
          cursor.blanks();
          Directive directive = keyword(place);
          cursor.blanks();
          pieces.add(directive, trimsBefore, close(place, "%{"));
          return pieces;
        });
  }

  /** Takes the closing brace, and returns whether there is a strip mark before it. */
  private boolean close(Place place, String open) {
    boolean trims = cursor.take("~");
    if (cursor.atEnd()) {
      throw new Fault(place, "this " + open + " is never closed: expected '}'");
    }
    cursor.expect("}", "to close the '" + open + "'");
    return trims;
  }

  private Directive keyword(Place place) {
    Place at = cursor.here();
    String keyword = cursor.name();
    List<String> names = new ArrayList<>();
    Optional<Expression> expression =
        switch (keyword) {
          case "if" -> Optional.of(expressions.expression());
          case "for" -> {
            names.addAll(ForNames.read(cursor));
            yield Optional.of(expressions.expression());
          }
          case "else", "endif", "endfor" -> Optional.empty();
          default -> throw new Fault(at, "expected if, else, endif, for or endfor after '%{'");
        };
    return new Directive(keyword, names, expression, place);
  }
}
