package dev.connectbridge.parse;

import dev.connectbridge.hcl.Node;
import dev.connectbridge.parse.Body.Level;
import dev.connectbridge.parse.Key.Kind;
import dev.connectbridge.parse.Key.Mark;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Spelling;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What could not be read of one block, so that nobody judges it any further. */
final class Unread {
  /** Blocks of which one more would put nothing right that is wrong elsewhere. */
  private static final Set<String> ONE_MORE =
      Set.of("check", "group", "path", "service", "upstreams");

  private static final Set<Kind> ONE_VALUE =
      EnumSet.of(Kind.TEXT, Kind.INTEGER, Kind.FLAG, Kind.DURATION);

  /** What stands here says what its whole group, or its whole service, is to be judged by. */
  private static final Pattern JUDGED_BY =
      Pattern.compile(
          "(.*)\\.network\\[.*|(.*\\.service\\[[0-9]+])\\.connect(\\.sidecar_service(\\.proxy)?)?");

  private final Shape shape;
  private final Origin origin;
  private final Level level;
  private final Report report;
  private final Set<Key> values = new LinkedHashSet<>();
  private final Set<Key> meant = new LinkedHashSet<>();
  private boolean strange;

  Unread(Shape shape, Origin origin, Level level, Report report) {
    this.shape = shape;
    this.origin = origin;
    this.level = level;
    this.report = report;
  }

  /** A value is not known. The names of services may be made of what is in a meta. */
  void value(Key key) {
    values.add(key);
    report.unknownValue(path(key));
    if (key.name().equals("meta") && !origin.path().contains(".service[")) {
      all();
    }
  }

  /** It is not known which blocks there are. */
  void block(Key key) {
    if (!ONE_MORE.contains(key.name()) || origin.path().contains(".gateway")) {
      all();
    }
  }

  /** Something is written here that the shape does not list: it may stand for what it does. */
  void stranger(String name, boolean block) {
    List<String> names = shape.keys().stream().map(Key::name).toList();
    Spelling.nearest(name, names)
        .flatMap(shape::key)
        .filter(key -> key.kind().isBlock() || isAbsent(key))
        .ifPresentOrElse(
            this::meant,
            () -> {
              strange = true;
              if ((block && !shape.equals(JobShapes.JOB)) || !Homes.hint(name).isEmpty()) {
                all();
              }
            });
  }

  /** Returns whether a key may be there under a name that nobody knows. */
  boolean isMeant(Key key) {
    return meant.contains(key);
  }

  private void meant(Key key) {
    meant.add(key);
    if (key.kind().isBlock()) {
      block(key);
    } else {
      value(key);
    }
  }

  /** Nothing of what stands here is known for certain. */
  void all() {
    Matcher judged = JUDGED_BY.matcher(origin.path());
    boolean found = judged.matches();
    String wider = found && judged.group(1) != null ? judged.group(1) : origin.path();
    report.unknownRegion(found && judged.group(2) != null ? judged.group(2) : wider);
  }

  /** What is not written is not known where something strange is. */
  void settle() {
    if (strange) {
      shape.keys().stream()
          .filter(key -> ONE_VALUE.contains(key.kind()) && isAbsent(key))
          .forEach(this::value);
    }
  }

  /** Returns something for each value that is not known and must be there. */
  Map<String, Node> plain() {
    return stands(values.stream().filter(key -> key.is(Mark.REQUIRED)), Supposed::plain);
  }

  /** Returns something for each value that is not known. */
  Map<String, Node> supposed() {
    return stands(values.stream(), Supposed::of);
  }

  private Map<String, Node> stands(Stream<Key> keys, BiFunction<Key, Place, Node> supposed) {
    Map<String, Node> stands = new LinkedHashMap<>();
    keys.filter(key -> !key.kind().isBlock())
        .forEach(
            key -> {
              Place place = origin.keys().getOrDefault(key.name(), origin.place());
              stands.put(key.name(), supposed.apply(key, place));
            });
    return stands;
  }

  private boolean isAbsent(Key key) {
    return !key.is(Mark.IGNORED)
        && level.attributes(key.name()).isEmpty()
        && level.blocks(key.name()).isEmpty();
  }

  private String path(Key key) {
    return origin.path().isEmpty() ? key.name() : origin.path() + "." + key.name();
  }
}
