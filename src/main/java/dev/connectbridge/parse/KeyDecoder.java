package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.Body.Child;
import dev.connectbridge.parse.Body.Level;
import dev.connectbridge.parse.Key.Kind;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks one key of one block. */
final class KeyDecoder {
  private final Key key;
  private final Origin origin;
  private final Notation notation;
  private final Report report;
  private final Unread unread;

  /** A block that was found, and its path. */
  record Found(Child child, String path) {}

  /** Somewhere that the key is written. */
  private record Written(Node node, Place place) {}

  KeyDecoder(Key key, Origin origin, Notation notation, Report report, Unread unread) {
    this.key = key;
    this.origin = origin;
    this.notation = notation;
    this.report = report;
    this.unread = unread;
  }

  /** Returns the key's value, if it is no block and there is nothing wrong with it. */
  Optional<Node> value(Level level) {
    if (key.is(Mark.IGNORED) || key.kind().isBlock()) {
      return Optional.empty();
    }
    List<Written> written = written(level);
    if (key.is(Mark.LATER)) {
      written.forEach(this::refuse);
      return Optional.empty();
    }
    if (written.isEmpty()) {
      missing();
      return Optional.empty();
    }
    if (!written.stream().allMatch(each -> each.node().isKnown())) {
      unread.value(key);
      return Optional.empty();
    }
    if (written.size() > 1) {
      unread.value(key);
    }
    for (Written again : written.subList(1, written.size())) {
      duplicate(again.place(), written.get(0).place());
    }
    return checked(written.get(0).node());
  }

  private Optional<Node> checked(Node node) {
    Optional<Types.Complaint> complaint = Types.complaint(key, node, notation);
    if (complaint.isEmpty()) {
      return Optional.of(node);
    }
    unread.value(key);
    report.problem(problem(complaint.get().place(), complaint.get().message()));
    return Optional.empty();
  }

  private List<Written> written(Level level) {
    List<Written> written = new ArrayList<>();
    for (Attribute attribute : level.attributes(key.name())) {
      if (Scalars.isNull(attribute.value())) {
        continue;
      }
      if (notation == Notation.HCL && key.kind().isMap() && !key.is(Mark.ATTRIBUTE_TOO)) {
        report.warning(
            problem(
                attribute.place(),
                "Nomad wants a block here: write " + key.name() + " { … } without the ="));
      }
      written.add(new Written(attribute.value(), attribute.place()));
    }
    for (Child block : level.blocks(key.name())) {
      if (!key.kind().isMap()) {
        unread.value(key);
        report.problem(
            problem(
                block.place(), key.name() + " is a value, not a block: " + key.name() + " = …"));
      } else if (!block.labels().isEmpty()) {
        unread.value(key);
        report.problem(problem(block.labels().get(0).place(), key.name() + " takes no label"));
      } else {
        written.add(new Written(block.body().map(), block.place()));
      }
    }
    return written;
  }

  /** Returns the key's blocks, if it stands for blocks. */
  List<Found> blocks(Level level) {
    if (key.is(Mark.IGNORED) || !key.kind().isBlock()) {
      return List.of();
    }
    List<Child> blocks = level.blocks(key.name());
    if (key.is(Mark.LATER)) {
      level.attributes(key.name()).forEach(each -> refuse(written(each)));
      blocks.forEach(each -> refuse(new Written(each.body().map(), each.place())));
      return List.of();
    }
    for (Attribute attribute : level.attributes(key.name())) {
      if (!Scalars.isNull(attribute.value()) || !attribute.value().isKnown()) {
        unread.block(key);
      }
      if (attribute.value().isKnown() && !Scalars.isNull(attribute.value())) {
        report.problem(
            problem(
                attribute.place(),
                key.name() + " is a block: write " + key.name() + " { … } without the ="));
      }
    }
    if (blocks.isEmpty() && level.attributes(key.name()).isEmpty()) {
      missing();
    }
    return found(blocks);
  }

  private List<Found> found(List<Child> blocks) {
    List<Found> found = new ArrayList<>();
    for (Child block : blocks) {
      labels(block);
      if (key.kind() == Kind.BLOCK && !found.isEmpty()) {
        unread.block(key);
        duplicate(block.place(), found.get(0).child().place());
      } else {
        found.add(new Found(block, path(origin.path(), key, block.labels(), found.size())));
      }
    }
    return found;
  }

  /** Returns the path of one of a key's blocks. */
  static String path(String around, Key key, List<Label> labels, int index) {
    String base = around.isEmpty() ? key.name() : around + "." + key.name();
    if (key.kind() != Kind.BLOCKS) {
      return base;
    }
    boolean named = key.inside().map(Shape::isLabelled).orElse(false) && !labels.isEmpty();
    return named ? base + "." + labels.get(0).text() : base + "[" + index + "]";
  }

  private void labels(Child block) {
    boolean wanted = key.inside().map(Shape::isLabelled).orElse(false);
    List<Label> labels = block.labels();
    if (wanted != !labels.isEmpty() || labels.size() > 1) {
      unread.block(key);
    }
    if (wanted && labels.isEmpty()) {
      String field = key.inside().orElseThrow().label();
      String name = key.name();
      String message =
          notation.isApi()
              ? "a " + name + " needs " + field
              : "a " + name + " needs a label: " + name + " \"NAME\" { … }";
      report.problem(problem(block.place(), message));
    } else if (labels.size() > (wanted ? 1 : 0)) {
      String message = key.name() + (wanted ? " takes one label only" : " takes no label");
      report.problem(problem(labels.get(wanted ? 1 : 0).place(), message));
    }
  }

  private void missing() {
    if (key.is(Mark.REQUIRED)) {
      unread.value(key);
    }
    if (key.is(Mark.REQUIRED) && !unread.isMeant(key)) {
      report.problem(origin.problem(key.spelled(notation) + " is required"));
    }
  }

  private void refuse(Written written) {
    if (!Harmless.is(key, written.node().value())) {
      report.problem(problem(written.place(), key.name() + " is not supported yet"));
    }
  }

  private static Written written(Attribute attribute) {
    return new Written(attribute.value(), attribute.place());
  }

  private void duplicate(Place again, Place first) {
    report.problem(
        problem(again, key.name() + " may stand here once only" + Duplicates.firstAt(first)));
  }

  private Problem problem(Place place, String message) {
    String path = origin.path().isEmpty() ? key.name() : origin.path() + "." + key.name();
    return new Problem(origin.file(), path, place, message);
  }
}
