package dev.connectbridge.hcl;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value that knows where it is written. JSON and YAML are read into it as well, so that one
 * decoder serves every notation.
 */
public sealed interface Node {

  /** Returns where the value begins. */
  Place place();

  /** Returns the value without its places. */
  Value value();

  /** Returns whether all of it could be worked out. */
  default boolean isKnown() {
    return true;
  }

  /**
   * A value that could not be worked out.
   *
   * @param why what is wrong with it; nothing where that is told of what it is made of
   */
  record Unknown(List<Problem> why, Place place) implements Node {
    public Unknown {
      why = List.copyOf(why);
    }

    @Override
    public boolean isKnown() {
      return false;
    }

    @Override
    public Value value() {
      return new Value.Nothing();
    }
  }

  /** Something that could not even be read as a value, which has been told. */
  record Lost(Place place) implements Node {
    @Override
    public boolean isKnown() {
      return false;
    }

    @Override
    public Value value() {
      return new Value.Nothing();
    }
  }

  /** A text, number, flag or null. */
  record Scalar(Value value, Place place) implements Node {}

  /**
   * A list.
   *
   * @param items its items
   * @param set whether it is a set: each item once, and known by itself instead of by its index
   */
  record Items(List<Node> items, boolean set, Place place) implements Node {
    public Items {
      items = List.copyOf(items);
    }

    /** Creates a list that is no set. */
    public Items(List<Node> items, Place place) {
      this(items, false, place);
    }

    @Override
    public boolean isKnown() {
      for (Node item : items) {
        if (!item.isKnown()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Value value() {
      return new Value.Items(items.stream().map(Node::value).toList());
    }
  }

  /** An object, its members in the order written. */
  record Entries(Map<String, Member> members, Place place) implements Node {
    public Entries {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Override
    public boolean isKnown() {
      for (Member member : members.values()) {
        if (!member.node().isKnown()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Value value() {
      Map<String, Value> entries = new LinkedHashMap<>();
      members.forEach((key, member) -> entries.put(key, member.node().value()));
      return new Value.Entries(entries);
    }
  }

  /**
   * A member of an object.
   *
   * @param key where its key is written
   * @param node its value
   */
  record Member(Place key, Node node) {}
}
