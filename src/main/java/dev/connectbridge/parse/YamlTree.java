package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.TreeReader.Tree;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * One YAML text on its way to a tree. The tree is built from the parser's events, not by a loader:
 * so nothing is constructed that the text names, and every value has its place.
 */
final class YamlTree {
  private static final int MOST_COPIED = 10_000;
  private static final int LONGEST_LINE = 65_536;

  private final Source source;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Anchored> anchors = new HashMap<>();
  private int nodes;
  private int copied;

  /** A node that aliases may name, and how many values it stands for. */
  private record Anchored(Node node, int size, int height) {}

  YamlTree(Source source) {
    this.source = source;
  }

  Tree read() {
    Optional<Place> control = control();
    if (control.isPresent()) {
      return failed(control.get(), "this is not YAML: a control character");
    }
    OptionalInt longLine = longLine();
    if (longLine.isPresent()) {
      return failed(
          new Place(longLine.getAsInt(), 1),
          "a line of more than " + LONGEST_LINE + " characters; one line of JSON belongs in .json");
    }
    try {
      return new Tree(document(parser()), problems);
    } catch (Unreadable stop) {
      return failed(stop.place(), stop.getMessage());
    } catch (MarkedYAMLException malformed) {
      Place place = place(malformed.getProblemMark());
      return failed(place, YamlFaults.message(malformed, source.found(place)));
    } catch (YAMLException beyond) {
      return failed(new Place(1, 1), "this is not YAML that can be read");
    }
  }

  private ParserImpl parser() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    options.setProcessComments(false);
    return new ParserImpl(new StreamReader(source.text()), options);
  }

  /** Returns the first character that YAML does not allow; its reader would only say how far. */
  private Optional<Place> control() {
    String text = source.text();
    int offset = 0;
    while (offset < text.length()) {
      int each = text.codePointAt(offset);
      if (!StreamReader.isPrintable(each)) {
        return Optional.of(source.place(offset));
      }
      offset += Character.charCount(each);
    }
    return Optional.empty();
  }

  /** Returns the first line that is too long; the scanner's time grows with its square. */
  private OptionalInt longLine() {
    List<String> lines = source.text().lines().toList();
    return IntStream.range(0, lines.size())
        .filter(line -> lines.get(line).length() > LONGEST_LINE)
        .map(line -> line + 1)
        .findFirst();
  }

  private Tree failed(Place place, String message) {
    problems.add(source.problem(place, message));
    return new Tree(Optional.empty(), problems);
  }

  private Optional<Node> document(ParserImpl parser) throws Unreadable {
    parser.getEvent();
    if (parser.checkEvent(Event.ID.StreamEnd)) {
      return Optional.empty();
    }
    parser.getEvent();
    Node root = node(parser, 0);
    parser.getEvent();
    if (!parser.checkEvent(Event.ID.StreamEnd)) {
      throw new Unreadable(
          place(parser.peekEvent().getStartMark()),
          "a second YAML document; one file holds one document");
    }
    return Optional.of(root);
  }

  private Node node(ParserImpl parser, int depth) throws Unreadable {
    Event event = parser.getEvent();
    if (event instanceof AliasEvent alias) {
      return aliased(alias, depth);
    }
    int before = nodes++;
    Node node;
    if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag(), event);
      node = new Node.Scalar(YamlScalars.value(scalar, place(event)), place(event));
    } else {
      CollectionStartEvent start = (CollectionStartEvent) event;
      refuseTag(start.getTag(), event);
      int deeper = TreeReader.deeper(depth, place(event));
      node =
          event.is(Event.ID.MappingStart)
              ? entries(parser, start, deeper)
              : items(parser, start, deeper);
    }
    String anchor = ((NodeEvent) event).getAnchor();
    if (anchor != null) {
      anchors.put(anchor, new Anchored(node, nodes - before, height(node)));
    }
    return node;
  }

  private Node aliased(AliasEvent alias, int depth) throws Unreadable {
    Anchored anchored = anchors.get(alias.getAnchor());
    if (anchored == null) {
      throw new Unreadable(
          place(alias),
          "no value before this one has the anchor " + Spelling.quoted("&" + alias.getAnchor()));
    }
    nodes += anchored.size();
    copied += anchored.size();
    if (copied > MOST_COPIED) {
      throw new Unreadable(
          place(alias), "the aliases stand for more than " + MOST_COPIED + " values");
    }
    if (depth + anchored.height() > TreeReader.DEEPEST) {
      TreeReader.deeper(TreeReader.DEEPEST, place(alias));
    }
    return anchored.node();
  }

  private static int height(Node node) {
    if (node instanceof Node.Entries entries) {
      return 1
          + entries.members().values().stream()
              .mapToInt(member -> height(member.node()))
              .max()
              .orElse(0);
    }
    if (node instanceof Node.Items items) {
      return 1 + items.items().stream().mapToInt(YamlTree::height).max().orElse(0);
    }
    return 0;
  }

  private Node entries(ParserImpl parser, Event start, int depth) throws Unreadable {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      Event key = parser.peekEvent();
      if (!(key instanceof ScalarEvent scalar)) {
        throw new Unreadable(place(key), "a key must be a text");
      }
      if (scalar.isPlain() && scalar.getValue().equals("<<")) {
        throw new Unreadable(place(key), "merge keys (<<) are not understood; write the keys out");
      }
      refuseTag(scalar.getTag(), key);
      parser.getEvent();
      Node.Member member = new Node.Member(place(key), node(parser, depth));
      Node.Member first = members.putIfAbsent(scalar.getValue(), member);
      if (first != null) {
        problems.add(Duplicates.key(source, scalar.getValue(), place(key), first.key()));
        members.put(scalar.getValue(), new Node.Member(first.key(), new Node.Lost(first.key())));
      }
    }
    parser.getEvent();
    return new Node.Entries(members, place(start));
  }

  private Node items(ParserImpl parser, Event start, int depth) throws Unreadable {
    List<Node> items = new ArrayList<>();
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      items.add(node(parser, depth));
    }
    parser.getEvent();
    return new Node.Items(items, place(start));
  }

  private static void refuseTag(String tag, Event event) throws Unreadable {
    if (tag != null) {
      throw new Unreadable(
          place(event), "YAML tags (!) are not understood; put a text in quotes instead");
    }
  }

  private static Place place(Event event) {
    return place(event.getStartMark());
  }

  private static Place place(Mark mark) {
    return mark == null ? new Place(1, 1) : new Place(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
