package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something to stand in the place of a value that could not be read; no two are alike. */
final class Supposed {
  private static final int FIRST = 2;
  private static final int DIFFERENT = 500;

  private Supposed() {}

  /** Returns what it is most likely to be, for a value that must be there. */
  static Node plain(Key key, Place place) {
    return key.words().isEmpty()
        ? of(key, place)
        : new Node.Scalar(new Value.Text(key.words().get(0)), place);
  }

  /** Returns what it is hardly to be. */
  static Node of(Key key, Place place) {
    int number = FIRST + Math.floorMod(place.line() * 31 + place.column(), DIFFERENT);
    String name = "${unread." + key.name() + "." + place.line() + "." + place.column() + "}";
    Node text = new Node.Scalar(new Value.Text(name), place);
    return switch (key.kind()) {
      case TEXT -> key.words().isEmpty() ? text : word(key.words(), place);
      case INTEGER -> new Node.Scalar(Value.Num.of(number), place);
      case FLAG -> new Node.Scalar(new Value.Bool(true), place);
      case DURATION -> new Node.Scalar(new Value.Text(number + "s"), place);
      case TEXTS -> new Node.Items(List.of(text), place);
      case TEXT_MAP, OPAQUE_MAP -> map(text, place);
      case TEXTS_MAP -> map(new Node.Items(List.of(text), place), place);
      case BLOCK, BLOCKS -> map(text, place);
    };
  }

  /** The first word is often what is taken unsaid. */
  private static Node word(List<String> words, Place place) {
    return new Node.Scalar(new Value.Text(words.get(words.size() - 1)), place);
  }

  private static Node map(Node value, Place place) {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    members.put("unread", new Node.Member(place, value));
    return new Node.Entries(members, place);
  }
}
