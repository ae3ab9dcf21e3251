package dev.connectbridge.hcl;

import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.hcl.Syntax.Attribute;
import dev.connectbridge.hcl.Syntax.Block;
import dev.connectbridge.spec.Origin.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads attributes and blocks, and finds its way on after a fault. */
final class Bodies {
  private final Cursor cursor;
  private final Complaints complaints;
  private final Expressions expressions;
  private final Escapes escapes;
  private boolean unclosed;
  private boolean whole = true;
  private String name = "";

  Bodies(Cursor cursor, Complaints complaints) {
    this.cursor = cursor;
    this.complaints = complaints;
    expressions = new Expressions(cursor, complaints);
    escapes = new Escapes(cursor, complaints);
  }

  Syntax.Body file() {
    Gathered gathered = new Gathered(new LinkedHashMap<>(), new ArrayList<>(), cursor.here());
    statements(gathered);
    while (cursor.at('}') && !complaints.stopped()) {
      whole = false;
      complaints.problem(cursor.here(), "this '}' closes nothing: expected a block or attribute");
      cursor.next();
      statements(gathered);
    }
    return gathered.body();
  }

  /** Returns whether every block is closed where its author closes it, as far as can be seen. */
  boolean isWhole() {
    return whole;
  }

  private record Gathered(Map<String, Attribute> attributes, List<Block> blocks, Place place) {
    Syntax.Body body() {
      return new Syntax.Body(List.copyOf(attributes.values()), blocks, place);
    }

    void lose(String name, Place at) {
      attributes.put(name, Attribute.lost(name, at));
    }
  }

  private void statements(Gathered gathered) {
    while (!complaints.stopped()) {
      int start = cursor.position();
      try {
        cursor.blankLines();
        start = cursor.position();
        if (cursor.atEnd() || cursor.at('}')) {
          return;
        }
        statement(gathered);
        endOfLine();
      } catch (Fault fault) {
        complaints.problem(name, fault);
        gathered.lose(name, fault.place());
        if (Names.end(cursor.text(), cursor.position()) > cursor.position()) {
          gathered.lose("", fault.place());
        }
        goOn(start);
      }
    }
  }

  private void goOn(int start) {
    int fault = cursor.position();
    OptionalInt end = Recovery.after(cursor.text(), start, fault);
    whole &= end.isPresent();
    cursor.moveTo(end.orElseGet(() -> Recovery.line(cursor.text(), fault)));
  }

  private void endOfLine() {
    cursor.blanks();
    if (!cursor.atEnd() && !cursor.atLineEnd() && !complaints.stopped()) {
      throw cursor.expected("the end of the line");
    }
  }

  private void statement(Gathered gathered) {
    Place place = cursor.here();
    name = "";
    if (cursor.at('"')) {
      quotedAttribute(gathered, place);
      return;
    }
    name = cursor.name();
    if (name.isEmpty()) {
      throw cursor.expected("the name of an attribute or block");
    }
    cursor.blanks();
    if (cursor.at('=') && !cursor.at("==")) {
      attribute(name, place, gathered);
    } else {
      block(name, place, gathered);
    }
  }

  private void quotedAttribute(Gathered gathered, Place place) {
    String quoted = escapes.plain("the name of an attribute");
    cursor.blanks();
    if (!cursor.at('=') || cursor.at("==")) {
      throw cursor.expected("'=' after the quoted name \"" + Found.shortened(quoted) + "\"");
    }
    complaints.warning(place, "HCL2 writes the name of an attribute without quotes");
    name = quoted;
    attribute(quoted, place, gathered);
  }

  private void attribute(String name, Place place, Gathered gathered) {
    cursor.take("=");
    Expression expression = value(name);
    Attribute first = gathered.attributes().get(name);
    if (first == null) {
      gathered.attributes().put(name, new Attribute(name, expression, place));
      return;
    }
    String message =
        "\"%s\" is set twice in this block: first in line %d, column %d"
            .formatted(Found.shortened(name), first.place().line(), first.place().column());
    complaints.problem(name, new Fault(place, message));
    gathered.lose(name, first.place());
  }

  private Expression value(String name) {
    Complaints.Mark before = complaints.mark();
    complaints.enter(name);
    try {
      Expression read = expressions.expression();
      return complaints.toldSince(before) ? new Expression.Lost(read.place()) : read;
    } finally {
      complaints.leave();
    }
  }

  private void block(String type, Place place, Gathered gathered) {
    Complaints.Mark before = complaints.mark();
    List<Label> labels = labels(type);
    if (complaints.toldSince(before)) {
      gathered.lose(type, place);
    }
    complaints.enter(Syntax.step(type, labels));
    try {
      Syntax.Body body = cursor.inside(true, () -> body(place));
      gathered.blocks().add(new Block(type, labels, body, place));
      name = type;
    } finally {
      complaints.leave();
    }
  }

  private List<Label> labels(String type) {
    List<Label> labels = new ArrayList<>();
    while (!cursor.take("{")) {
      Place place = cursor.here();
      String name = cursor.at('"') ? "" : cursor.name();
      if (cursor.at('"')) {
        name = escapes.plain("a label");
      } else if (name.isEmpty()) {
        brace(type, labels.isEmpty());
        continue;
      }
      labels.add(new Label(name, place));
      cursor.blanks();
    }
    return labels;
  }

  /** Goes to a brace that stands in a line of its own; faults when there is none. */
  private void brace(String type, boolean bare) {
    Fault fault =
        cursor.expected(
            (bare ? "'=' or '{' after the name \"" : "'{' after the labels of \"")
                + Found.shortened(type)
                + "\"");
    int start = cursor.position();
    cursor.blankLines();
    if (cursor.position() == start || !cursor.at('{')) {
      cursor.moveTo(start);
      throw fault;
    }
    complaints.problem(cursor.here(), "this '{' must stand in the line of its block's name");
  }

  private Syntax.Body body(Place open) {
    Gathered gathered = new Gathered(new LinkedHashMap<>(), new ArrayList<>(), cursor.here());
    cursor.blanks();
    boolean lines = cursor.atLineEnd() || cursor.at('}') || cursor.atEnd();
    if (!lines && isSingle(gathered)) {
      return gathered.body();
    }
    statements(gathered);
    if (!cursor.take("}") && !unclosed && !complaints.stopped()) {
      unclosed = true;
      whole = false;
      complaints.problem(
          open, "this block is never closed: expected '}' before the end of the file");
    }
    return gathered.body();
  }

  /** Reads the body of a block on one line; after a fault, what is left is to be read as lines. */
  private boolean isSingle(Gathered gathered) {
    int start = cursor.position();
    try {
      single(gathered);
      return true;
    } catch (Fault fault) {
      complaints.problem(name, fault);
      gathered.lose("", fault.place());
      goOn(start);
      return false;
    }
  }

  private void single(Gathered gathered) {
    Place place = cursor.here();
    name = cursor.at('"') ? "" : cursor.name();
    cursor.blanks();
    if (cursor.at('"')) {
      quotedAttribute(gathered, place);
    } else if (name.isEmpty() || cursor.at("==") || !cursor.at('=')) {
      throw new Fault(
          place,
          "a block on one line holds one attribute and no block: expected it on lines of its own");
    } else {
      attribute(name, place, gathered);
    }
    cursor.blanks();
    cursor.expect("}", "after the one attribute of a block on one line");
  }
}
