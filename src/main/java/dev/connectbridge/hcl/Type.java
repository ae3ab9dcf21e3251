package dev.connectbridge.hcl;

import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a value may be required to be, and how one that is nearly that is made so. */
sealed interface Type {

  /** Returns the value as this type; faults where it cannot be. A null is of every type. */
  default Node convert(Node node) {
    return node.value() instanceof Value.Nothing ? node : converted(node);
  }

  /** Returns a value that is not null as this type. */
  Node converted(Node node);

  /** Returns the type as it is written. */
  String written();

  /** Whatever it is. */
  record Any() implements Type {
    @Override
    public Node converted(Node node) {
      return node;
    }

    @Override
    public String written() {
      return "any";
    }
  }

  /** A text, a number or a flag. */
  enum Plain implements Type {
    STRING("string"),
    NUMBER("number"),
    BOOL("bool");

    private final String written;

    Plain(String written) {
      this.written = written;
    }

    @Override
    public Node converted(Node node) {
      Value value = node.value();
      Value converted =
          switch (this) {
            case STRING -> new Value.Text(Arithmetic.text(value, node.place(), "a string"));
            case NUMBER -> new Value.Num(Arithmetic.number(value, node.place()));
            case BOOL -> new Value.Bool(Arithmetic.flag(value, node.place()));
          };
      return new Node.Scalar(converted, node.place());
    }

    @Override
    public String written() {
      return written;
    }
  }

  /** A list or a set of items of one type. */
  record ListOf(boolean set, Type item) implements Type {
    @Override
    public Node converted(Node node) {
      if (!(node instanceof Node.Items items)) {
        throw unexpected(node, written());
      }
      List<Node> converted = Unity.of(items.items().stream().map(item::convert).toList(), item);
      return set
          ? Sets.of(converted, node.place())
          : new Node.Items(converted, false, node.place());
    }

    @Override
    public String written() {
      return (set ? "set(" : "list(") + item.written() + ")";
    }
  }

  /** An object whose values are of one type. */
  record MapOf(Type item) implements Type {
    @Override
    public Node converted(Node node) {
      if (!(node instanceof Node.Entries entries)) {
        throw unexpected(node, written());
      }
      List<Node> nodes =
          entries.members().values().stream().map(member -> item.convert(member.node())).toList();
      List<Node> converted = Unity.of(nodes, item);
      Map<String, Node.Member> members = new LinkedHashMap<>();
      entries
          .members()
          .forEach(
              (key, member) ->
                  members.put(key, new Node.Member(member.key(), converted.get(members.size()))));
      return new Node.Entries(members, node.place());
    }

    @Override
    public String written() {
      return "map(" + item.written() + ")";
    }
  }

  /** A list in which each item has its own type. */
  record Tuple(List<Type> types) implements Type {
    public Tuple {
      types = List.copyOf(types);
    }

    @Override
    public Node converted(Node node) {
      if (!(node instanceof Node.Items items) || items.items().size() != types.size()) {
        throw unexpected(node, "a list of " + types.size() + ", " + written());
      }
      List<Node> converted = new ArrayList<>();
      for (Node item : items.items()) {
        converted.add(types.get(converted.size()).convert(item));
      }
      return new Node.Items(converted, node.place());
    }

    @Override
    public String written() {
      return "tuple([" + String.join(", ", types.stream().map(Type::written).toList()) + "])";
    }
  }

  /** An object with certain keys; others are left out. */
  record ObjectOf(Map<String, Type> types) implements Type {
    public ObjectOf {
      types = new LinkedHashMap<>(types);
    }

    @Override
    public Node converted(Node node) {
      if (!(node instanceof Node.Entries entries)) {
        throw unexpected(node, written());
      }
      Map<String, Node.Member> members = new LinkedHashMap<>();
      types.forEach(
          (key, type) -> {
            Node.Member member = entries.members().get(key);
            if (member == null && type instanceof Maybe maybe) {
              members.put(key, new Node.Member(node.place(), maybe.otherwise()));
              return;
            }
            if (member == null) {
              throw new Fault(
                  node.place(), "this object lacks the key \"" + Found.shortened(key) + "\"");
            }
            members.put(key, new Node.Member(member.key(), type.convert(member.node())));
          });
      return new Node.Entries(members, node.place());
    }

    @Override
    public String written() {
      return "object({"
          + String.join(
              ", ",
              types.entrySet().stream()
                  .map(each -> each.getKey() + " = " + each.getValue().written())
                  .toList())
          + "})";
    }
  }

  /** What may be missing in an object, and what then stands in its place. */
  record Maybe(Type type, Node otherwise) implements Type {
    @Override
    public Node converted(Node node) {
      return type.converted(node);
    }

    @Override
    public String written() {
      return "optional(" + type.written() + ")";
    }
  }

  private static Fault unexpected(Node node, String written) {
    return new Fault(
        node.place(),
        "expected %s, found %s".formatted(Found.shortened(written), Arithmetic.kind(node.value())));
  }
}
