package dev.connectbridge.parse;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Label;
import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.Key.Kind;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.parse.Shape.Unknown;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Spelling;
import java.util.List;
import java.util.Optional;

/** JSON and YAML: everything is a member, and the shape says which of them are blocks. */
record TreeLevels(String file, Notation notation, Report report, Node.Entries entries)
    implements Body {
  /** HCL in JSON has no comments; this is the key that stands for one. */
  static final String COMMENT = "//";

  @Override
  public Node.Entries map() {
    return entries;
  }

  @Override
  public Level level(Shape shape, String path) {
    return new Reading(shape, path).read();
  }

  /** One level while it is being read. */
  private final class Reading {
    private final Shape shape;
    private final String path;
    private final Level level = new Level();

    Reading(Shape shape, String path) {
      this.shape = shape;
      this.path = path;
    }

    Level read() {
      entries.members().forEach(this::member);
      return level;
    }

    private void member(String name, Node.Member member) {
      Optional<Key> key = key(name);
      if (key.isEmpty()) {
        unknown(name, member);
      } else if (Scalars.isNull(member.node())) {
        nothing(key.get(), member);
      } else if (key.get().kind().isBlock()
          && !key.get().is(Mark.LATER)
          && !key.get().is(Mark.IGNORED)) {
        blocks(key.get(), member);
      } else {
        value(key.get(), member);
      }
    }

    private Optional<Key> key(String name) {
      return notation.isApi()
          ? shape.apiKey(name).filter(key -> !key.is(Mark.HCL_ONLY))
          : shape.key(name).filter(key -> !key.is(Mark.API_ONLY));
    }

    private void unknown(String name, Node.Member member) {
      if (name.equals(COMMENT)) {
        return;
      }
      if (!notation.isApi()) {
        level.add(new Attribute(name, member.node(), member.key()));
      } else if (shape.unknown() == Unknown.REFUSED
          && !name.equals(shape.label())
          && !Harmless.isEmpty(member.node().value())) {
        List<String> fields =
            shape.keys().stream().flatMap(each -> each.fields().stream()).toList();
        report.warning(
            found(
                name,
                member.key(),
                "unknown field "
                    + Spelling.quoted(name)
                    + " in "
                    + shape.name()
                    + " is ignored"
                    + Spelling.didYouMean(name, fields)));
      }
    }

    private void nothing(Key key, Node.Member member) {
      if (key.kind() == Kind.BLOCK && !notation.isApi() && !key.is(Mark.IGNORED)) {
        report.warning(
            found(
                key.name(),
                member.key(),
                key.name() + " is null, so it is not there; an empty block is written {}"));
      }
    }

    private void value(Key key, Node.Member member) {
      boolean wrapped =
          key.kind().isMap()
              && member.node() instanceof Node.Items items
              && items.items().stream().allMatch(Node.Entries.class::isInstance);
      List<Node> nodes =
          wrapped && !notation.isApi()
              ? ((Node.Items) member.node()).items()
              : List.of(member.node());
      nodes.forEach(node -> level.add(new Attribute(key.name(), node, member.key())));
    }

    private void blocks(Key key, Node.Member member) {
      boolean many = key.kind() == Kind.BLOCKS;
      boolean byLabel = key.is(Mark.BY_LABEL) && member.node() instanceof Node.Entries;
      if (notation.isApi() && !byLabel && many != member.node() instanceof Node.Items) {
        String wanted = many ? "a list of objects" : "an object";
        complain(key, member.node(), wanted);
        return;
      }
      for (Node each : each(member.node())) {
        if (!(each instanceof Node.Entries inner)) {
          complain(key, each, "an object");
        } else if (!key.inside().map(Shape::isLabelled).orElse(false)) {
          level.add(new Child(key.name(), List.of(), place(member, each), inside(inner)));
        } else {
          labelled(key, member, inner);
        }
      }
    }

    private void labelled(Key key, Node.Member member, Node.Entries inner) {
      if (notation.isApi() && !key.is(Mark.BY_LABEL)) {
        List<Label> labels =
            Optional.ofNullable(inner.members().get(key.inside().orElseThrow().label()))
                .flatMap(field -> Scalars.text(field.node()))
                .filter(text -> !text.isEmpty())
                .map(text -> List.of(new Label(text, inner.place())))
                .orElse(List.of());
        level.add(new Child(key.name(), labels, place(member, inner), inside(inner)));
        return;
      }
      inner
          .members()
          .forEach(
              (label, one) -> {
                for (Node each : each(one.node())) {
                  if (each instanceof Node.Entries body) {
                    List<Label> labels = List.of(new Label(label, one.key()));
                    level.add(new Child(key.name(), labels, one.key(), inside(body)));
                  } else {
                    complain(key, each, "an object");
                  }
                }
              });
    }

    private Place place(Node.Member member, Node each) {
      return each == member.node() ? member.key() : each.place();
    }

    private List<Node> each(Node node) {
      return node instanceof Node.Items items ? items.items() : List.of(node);
    }

    private void complain(Key key, Node node, String wanted) {
      level.add(new Attribute(key.name(), new Node.Lost(node.place()), node.place()));
      report.problem(
          found(
              key.name(),
              node.place(),
              "expected " + wanted + ", found " + Scalars.describe(node)));
    }

    private Problem found(String key, Place place, String message) {
      return new Problem(file, path.isEmpty() ? key : path + "." + key, place, message);
    }
  }

  private TreeLevels inside(Node.Entries inner) {
    return new TreeLevels(file, notation, report, inner);
  }
}
