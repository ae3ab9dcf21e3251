package dev.connectbridge.parse;

import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One key of a {@link Shape}.
 *
 * @param name its name in HCL
 * @param kind what stands behind it
 * @param fields its names in the API's JSON
 * @param marks what else is to be known about it
 * @param words the texts it may have; empty allows all
 * @param laterWords texts that Nomad knows and this bridge does not support yet
 * @param harmless values that say nothing, of a key that is not supported yet
 * @param inside the shape of the blocks behind it
 * @param told what is said of it where the format is described
 */
public record Key(
    String name,
    Kind kind,
    List<String> fields,
    Set<Mark> marks,
    List<String> words,
    List<String> laterWords,
    List<Value> harmless,
    Optional<Shape> inside,
    Told told) {

  public Key {
    fields = List.copyOf(fields);
    marks = Set.copyOf(marks);
    words = List.copyOf(words);
    laterWords = List.copyOf(laterWords);
    harmless = List.copyOf(harmless);
  }

  /** What stands behind a key. */
  public enum Kind {
    TEXT,
    INTEGER,
    FLAG,
    DURATION,
    TEXTS,
    TEXT_MAP,
    TEXTS_MAP,
    OPAQUE_MAP,
    BLOCK,
    BLOCKS;

    boolean isMap() {
      return this == TEXT_MAP || this == TEXTS_MAP || this == OPAQUE_MAP;
    }

    boolean isBlock() {
      return this == BLOCK || this == BLOCKS;
    }
  }

  /** What else is to be known about a key. */
  public enum Mark {
    /** It must be there. */
    REQUIRED,
    /** Nomad reads it, this bridge has no need to. */
    IGNORED,
    /** Nomad reads it, this bridge will, and until then refuses it. */
    LATER,
    /** A map that may be written as an attribute too, not only as a block. */
    ATTRIBUTE_TOO,
    /** The case of its words does not matter. */
    FOLDED,
    /** The API's JSON has an object with a member for each label. */
    BY_LABEL,
    /** Only the API's JSON has it. */
    API_ONLY,
    /** Only the notations with HCL's keys have it. */
    HCL_ONLY
  }

  /**
   * What is said of a key where the format is described.
   *
   * @param about what it is, in one sentence
   * @param goes where it ends up
   * @param otherwise the value that it has where it is not written; empty for none
   * @param inferred what is taken instead of a value of its own; empty where otherwise says it
   */
  public record Told(String about, String goes, String otherwise, String inferred) {
    static final Told NOTHING = new Told("", "", "", "");
  }

  /** Returns a key for a text. */
  public static Key text(String name) {
    return of(name, Kind.TEXT);
  }

  /** Returns a key for a whole number. */
  public static Key integer(String name) {
    return of(name, Kind.INTEGER);
  }

  /** Returns a key for true or false. */
  public static Key flag(String name) {
    return of(name, Kind.FLAG);
  }

  /** Returns a key for a span of time. */
  public static Key duration(String name) {
    return of(name, Kind.DURATION);
  }

  /** Returns a key for a list of texts. */
  public static Key texts(String name) {
    return of(name, Kind.TEXTS);
  }

  /** Returns a key for a map of texts. */
  public static Key textMap(String name) {
    return of(name, Kind.TEXT_MAP);
  }

  /** Returns a key for a map of lists of texts. */
  public static Key textsMap(String name) {
    return of(name, Kind.TEXTS_MAP);
  }

  /** Returns a key for a map that is carried without being understood. */
  public static Key opaque(String name) {
    return of(name, Kind.OPAQUE_MAP);
  }

  /** Returns a key for a block that stands once at most. */
  public static Key block(Shape inside) {
    return of(inside.name(), Kind.BLOCK).holding(inside);
  }

  /** Returns a key for a block that may repeat. */
  public static Key blocks(Shape inside) {
    return of(inside.name(), Kind.BLOCKS).holding(inside);
  }

  private static Key of(String name, Kind kind) {
    return new Key(
        name,
        kind,
        List.of(Spelling.camel(name)),
        Set.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Told.NOTHING);
  }

  /** Returns the same key with other names in the API's JSON than the regular one. */
  public Key api(String... names) {
    return new Key(name, kind, List.of(names), marks, words, laterWords, harmless, inside, told);
  }

  /** Returns the same key for these texts only. */
  public Key oneOf(String... known) {
    return new Key(name, kind, fields, marks, List.of(known), laterWords, harmless, inside, told);
  }

  /** Returns the same key with texts that are not supported yet. */
  public Key laterOneOf(String... later) {
    return new Key(name, kind, fields, marks, words, List.of(later), harmless, inside, told);
  }

  /** Returns the same key, refused for now unless it has one of these values or an empty one. */
  public Key later(Value... except) {
    return new Key(name, kind, fields, marks, words, laterWords, List.of(except), inside, told)
        .with(Mark.LATER);
  }

  /** Returns the same key with one more mark. */
  public Key with(Mark mark) {
    EnumSet<Mark> more = EnumSet.of(mark);
    more.addAll(marks);
    return new Key(name, kind, fields, more, words, laterWords, harmless, inside, told);
  }

  /** Returns the same key, described in a sentence. */
  public Key about(String sentence) {
    return telling(new Told(sentence, told.goes(), told.otherwise(), told.inferred()));
  }

  /** Returns the same key with where it ends up. */
  public Key goes(String where) {
    return telling(new Told(told.about(), where, told.otherwise(), told.inferred()));
  }

  /** Returns the same key with the value that it has where it is not written. */
  public Key otherwise(String value) {
    return telling(new Told(told.about(), told.goes(), value, ""));
  }

  /** Returns the same key with what is taken where it is not written, if that is no value. */
  public Key inferred(String what) {
    return telling(new Told(told.about(), told.goes(), "", what));
  }

  private Key telling(Told more) {
    return new Key(name, kind, fields, marks, words, laterWords, harmless, inside, more);
  }

  private Key holding(Shape shape) {
    return new Key(
        name, kind, fields, marks, words, laterWords, harmless, Optional.of(shape), told);
  }

  boolean is(Mark mark) {
    return marks.contains(mark);
  }

  /** Returns the key's name as the author of such a text writes it. */
  String spelled(Notation notation) {
    return notation.isApi() && !fields.isEmpty() ? fields.get(0) : name;
  }
}
