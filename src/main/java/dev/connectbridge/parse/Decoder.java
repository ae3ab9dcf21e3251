package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.Body.Child;
import dev.connectbridge.parse.Body.Level;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.parse.KeyDecoder.Found;
import dev.connectbridge.parse.Shape.Unknown;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks bodies against shapes and makes sections of them; what is wrong goes to the report. */
final class Decoder {
  private final String file;
  private final Notation notation;
  private final Report report;

  Decoder(String file, Notation notation, Report report) {
    this.file = file;
    this.notation = notation;
    this.report = report;
  }

  /** Returns a whole tree as one section; something else than an object reads as an empty one. */
  Section root(Node root, Shape shape) {
    if (!(root instanceof Node.Entries entries)) {
      Origin origin = new Origin(file, "", root.place(), Map.of());
      report.problem(
          origin.problem("expected " + shape.name() + ", found " + Scalars.describe(root)));
      Unread nothing = new Unread(shape, origin, new Level(), report);
      return new Section(shape, notation, "", origin, Map.of(), Map.of(), nothing);
    }
    Body body = new TreeLevels(file, notation, report, entries);
    return section(shape, new Origin(file, "", root.place(), Map.of()), "", body);
  }

  /** Returns one block as a section; the origin given lacks the places of the keys. */
  Section section(Shape shape, Origin at, String label, Body body) {
    Level level = body.level(shape, at.path());
    Origin origin = new Origin(file, at.path(), at.place(), level.places());
    Unread unread = new Unread(shape, origin, level, report);
    if (shape.unknown() != Unknown.IGNORED) {
      strangers(shape, origin, level, unread);
    }
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, List<Section>> blocks = new LinkedHashMap<>();
    for (Key key : shape.keys()) {
      if (level.has(key.name()) || key.is(Mark.REQUIRED)) {
        KeyDecoder decoder = new KeyDecoder(key, origin, notation, report, unread);
        decoder.value(level).ifPresent(value -> values.put(key.name(), value));
        List<Section> inside = blocks(key, decoder.blocks(level));
        if (!inside.isEmpty()) {
          blocks.put(key.name(), inside);
        }
      }
    }
    unread.settle();
    return new Section(shape, notation, label, origin, values, blocks, unread);
  }

  private List<Section> blocks(Key key, List<Found> found) {
    List<Section> blocks = new ArrayList<>();
    for (Found each : found) {
      Child child = each.child();
      String label = child.labels().isEmpty() ? "" : child.labels().get(0).text();
      Origin at = new Origin(file, each.path(), child.place(), Map.of());
      blocks.add(section(key.inside().orElseThrow(), at, label, child.body()));
    }
    return List.copyOf(blocks);
  }

  private void strangers(Shape shape, Origin origin, Level level, Unread unread) {
    for (List<Attribute> written : level.attributes()) {
      if (shape.key(written.get(0).name()).isEmpty()) {
        written.forEach(each -> stranger(shape, origin, each, unread));
      }
    }
    for (List<Child> written : level.blocks()) {
      if (shape.key(written.get(0).type()).isEmpty()) {
        written.forEach(each -> stranger(shape, origin, each, unread));
      }
    }
  }

  private void stranger(Shape shape, Origin origin, Attribute found, Unread unread) {
    boolean lost = found.value() instanceof Node.Lost;
    if (lost && found.name().isEmpty()) {
      unread.all();
    }
    unread.stranger(found.name(), lost || found.value() instanceof Node.Entries);
    if (!lost) {
      unknown(shape, origin, found.name(), found.place(), "key ");
    }
  }

  private void stranger(Shape shape, Origin origin, Child found, Unread unread) {
    unread.stranger(found.type(), true);
    unknown(shape, origin, found.type(), found.place(), "block ");
  }

  private void unknown(Shape shape, Origin origin, String name, Place place, String what) {
    List<String> names =
        shape.keys().stream().filter(key -> !key.is(Mark.API_ONLY)).map(Key::name).toList();
    String near = report.isFull() ? "" : Spelling.didYouMean(name, names);
    String hint = near.isEmpty() && !report.isFull() ? Homes.hint(name) : near;
    report.problem(
        new Origin(file, origin.path(), place, Map.of(name, place))
            .problem(
                name, "unknown " + what + Spelling.quoted(name) + " in " + shape.name() + hint));
  }
}
