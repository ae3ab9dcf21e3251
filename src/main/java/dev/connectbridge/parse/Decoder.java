package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.Body.Child;
import dev.connectbridge.parse.Body.Level;
import dev.connectbridge.parse.Shape.Unknown;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Spelling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
      Unread nothing = new Unread(shape, origin, new Level(List.of(), List.of()), report);
      return new Section(shape, notation, "", origin, Map.of(), Map.of(), nothing);
    }
    Body body = new TreeLevels(file, notation, report, entries);
    return section(shape, new Origin(file, "", root.place(), Map.of()), "", body);
  }

  /** Returns one block as a section; the origin given lacks the places of the keys. */
  Section section(Shape shape, Origin at, String label, Body body) {
    Level level = body.level(shape, at.path());
    Origin origin = new Origin(file, at.path(), at.place(), places(level));
    Unread unread = new Unread(shape, origin, level, report);
    if (shape.unknown() != Unknown.IGNORED) {
      level.attributes().forEach(each -> known(shape, origin, each, unread));
      level.blocks().forEach(each -> known(shape, origin, each, unread));
    }
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, List<Section>> blocks = new LinkedHashMap<>();
    for (Key key : shape.keys()) {
      KeyDecoder decoder = new KeyDecoder(key, origin, notation, report, unread);
      decoder.value(level).ifPresent(value -> values.put(key.name(), value));
      List<Section> inside =
          decoder.blocks(level).stream().map(found -> block(key, found)).toList();
      if (!inside.isEmpty()) {
        blocks.put(key.name(), inside);
      }
    }
    unread.settle();
    return new Section(shape, notation, label, origin, values, blocks, unread);
  }

  private Section block(Key key, KeyDecoder.Found found) {
    Child child = found.child();
    String label = child.labels().stream().map(Label::text).findFirst().orElse("");
    Origin at = new Origin(file, found.path(), child.place(), Map.of());
    return section(key.inside().orElseThrow(), at, label, child.body());
  }

  private void known(Shape shape, Origin origin, Attribute found, Unread unread) {
    if (shape.key(found.name()).isPresent()) {
      return;
    }
    boolean lost = found.value() instanceof Node.Lost;
    if (lost && found.name().isEmpty()) {
      unread.all();
    }
    unread.stranger(found.name(), lost || found.value() instanceof Node.Entries);
    if (!lost) {
      unknown(shape, origin, found.name(), found.place(), "key ");
    }
  }

  private void known(Shape shape, Origin origin, Child found, Unread unread) {
    if (shape.key(found.type()).isEmpty()) {
      unread.stranger(found.type(), true);
      unknown(shape, origin, found.type(), found.place(), "block ");
    }
  }

  private void unknown(Shape shape, Origin origin, String name, Place place, String what) {
    List<String> names =
        shape.keys().stream().filter(key -> !key.is(Key.Mark.API_ONLY)).map(Key::name).toList();
    String near = report.isFull() ? "" : Spelling.didYouMean(name, names);
    String hint = near.isEmpty() && !report.isFull() ? Homes.hint(name) : near;
    report.problem(
        new Origin(file, origin.path(), place, Map.of(name, place))
            .problem(
                name, "unknown " + what + Spelling.quoted(name) + " in " + shape.name() + hint));
  }

  private static Map<String, Place> places(Level level) {
    Map<String, Place> places = new LinkedHashMap<>();
    Stream.concat(
            level.attributes().stream().map(each -> Map.entry(each.name(), each.place())),
            level.blocks().stream().map(each -> Map.entry(each.type(), each.place())))
        .forEach(each -> places.putIfAbsent(each.getKey(), each.getValue()));
    return places;
  }
}
