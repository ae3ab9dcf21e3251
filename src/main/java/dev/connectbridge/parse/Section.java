package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.Key.Kind;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Value;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A block that was checked against its {@link Shape}, whatever the notation. Whatever was wrong
 * with it is already reported: a key that is absent or wrong reads as absent.
 */
public final class Section {
  private final Shape shape;
  private final Notation notation;
  private final String label;
  private final Origin origin;
  private final Map<String, Node> values;
  private final Map<String, List<Section>> blocks;
  private final Unread unread;

  Section(
      Shape shape,
      Notation notation,
      String label,
      Origin origin,
      Map<String, Node> values,
      Map<String, List<Section>> blocks,
      Unread unread) {
    this.shape = shape;
    this.notation = notation;
    this.label = label;
    this.origin = origin;
    this.values = values;
    this.blocks = blocks;
    this.unread = unread;
  }

  /**
   * Returns a tree as a section, its findings in the report.
   *
   * @param file the file, for the findings
   * @param root the tree
   * @param shape what it may hold
   * @param report takes what is wrong with it
   */
  public static Section of(String file, Node root, Shape shape, Report report) {
    return new Decoder(file, Notation.TREE, report).root(root, shape);
  }

  /** Returns the block's label; empty for a block without one. */
  public String label() {
    return label;
  }

  /** Returns where the block and its keys stand. */
  public Origin origin() {
    return origin;
  }

  /** Returns whether a key is there and means what it should. */
  public boolean has(String key) {
    return values.containsKey(key) || blocks.containsKey(key);
  }

  /** Returns a text; empty where it was not said. */
  public String text(String key) {
    String text = value(key, Kind.TEXT).flatMap(Scalars::text).orElse("");
    return known(key).is(Mark.FOLDED) ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** Returns a text, or another where it was not said or is empty. */
  public String text(String key, String otherwise) {
    String text = text(key);
    return text.isEmpty() ? otherwise : text;
  }

  /** Returns a whole number. */
  public OptionalInt integer(String key) {
    return value(key, Kind.INTEGER).map(Scalars::integer).orElse(OptionalInt.empty());
  }

  /** Returns whether a flag is set; not saying so is not setting it. */
  public boolean flag(String key) {
    return value(key, Kind.FLAG).flatMap(Scalars::flag).orElse(false);
  }

  /** Returns a span of time, with its sign. */
  public Optional<Duration> duration(String key) {
    return value(key, Kind.DURATION).flatMap(node -> Durations.read(node, notation));
  }

  /** Returns a list of texts. */
  public List<String> texts(String key) {
    return value(key, Kind.TEXTS).flatMap(Types::texts).orElse(List.of());
  }

  /** Returns a map of texts. */
  public Map<String, String> textMap(String key) {
    return members(key, Kind.TEXT_MAP, node -> Scalars.text(node).orElse(""));
  }

  /** Returns a map of lists of texts. */
  public Map<String, List<String>> textsMap(String key) {
    return members(key, Kind.TEXTS_MAP, node -> Types.texts(node).orElse(List.of()));
  }

  /** Returns a map that is carried without being understood. */
  public Map<String, Value> opaque(String key) {
    return members(key, Kind.OPAQUE_MAP, Node::value);
  }

  /** Returns a block that stands once at most. */
  public Optional<Section> block(String key) {
    return inner(key, Kind.BLOCK).stream().findFirst();
  }

  /** Returns the blocks of one type, in the order written. */
  public List<Section> blocks(String key) {
    return inner(key, Kind.BLOCKS);
  }

  /** Returns the same block without what could not be read, but for what must be there. */
  Section without() {
    return with(Unread::plain);
  }

  /** Returns the same block with something in the place of each value that could not be read. */
  Section supposing() {
    return with(Unread::supposed);
  }

  private Section with(Function<Unread, Map<String, Node>> stands) {
    Map<String, Node> filled = new LinkedHashMap<>(values);
    filled.putAll(stands.apply(unread));
    Map<String, List<Section>> inside = new LinkedHashMap<>(blocks);
    inside.replaceAll((key, found) -> found.stream().map(each -> each.with(stands)).toList());
    return new Section(shape, notation, label, origin, filled, inside, unread);
  }

  Notation notation() {
    return notation;
  }

  private List<Section> inner(String key, Kind kind) {
    ask(key, kind);
    return blocks.getOrDefault(key, List.of());
  }

  private <V> Map<String, V> members(String key, Kind kind, Function<Node, V> read) {
    Map<String, V> members = new LinkedHashMap<>();
    if (value(key, kind).orElse(null) instanceof Node.Entries entries) {
      entries.members().forEach((name, member) -> members.put(name, read.apply(member.node())));
    }
    return members;
  }

  private Optional<Node> value(String key, Kind kind) {
    ask(key, kind);
    return Optional.ofNullable(values.get(key));
  }

  private void ask(String key, Kind kind) {
    if (known(key).kind() != kind) {
      throw new IllegalArgumentException(shape.name() + "." + key + " is no " + kind);
    }
  }

  private Key known(String key) {
    Optional<Key> known = shape.key(key);
    if (known.isEmpty()) {
      throw new IllegalArgumentException(shape.name() + " has no " + key);
    }
    return known.get();
  }
}
