package dev.connectbridge.parse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a type of block may hold. Shapes are data: what reads a spec and what describes the format
 * work from the same ones.
 */
public final class Shape {
  private final String name;
  private final String label;
  private final Unknown unknown;
  private final List<Key> keys;
  private final Map<String, Key> named = new HashMap<>();
  private final Map<String, Key> fields = new HashMap<>();

  private Shape(String name, String label, Unknown unknown, List<Key> keys) {
    this.name = name;
    this.label = label;
    this.unknown = unknown;
    this.keys = List.copyOf(keys);
    for (Key key : keys) {
      named.putIfAbsent(key.name(), key);
      key.fields().forEach(field -> fields.putIfAbsent(field, key));
    }
  }

  /** What becomes of keys that a shape does not list. */
  public enum Unknown {
    /** A problem; in the API's JSON, whose fields grow with every release, a warning. */
    REFUSED,
    /** A problem; in the API's JSON nothing at all, it has hundreds. */
    QUIET,
    /** Nothing, in any notation. */
    IGNORED
  }

  /** Returns a shape without a label that knows all its keys. */
  public static Shape of(String name, Key... keys) {
    return new Shape(name, "", Unknown.REFUSED, List.of(keys));
  }

  /** Returns the same shape with a label, which the API writes into this field. */
  public Shape labelled(String field) {
    return new Shape(name, field, unknown, keys);
  }

  /** Returns the same shape with another fate for keys that it does not list. */
  public Shape unknown(Unknown fate) {
    return new Shape(name, label, fate, keys);
  }

  /** Returns the block's type. */
  public String name() {
    return name;
  }

  /** Returns the API's field that holds what HCL writes as the block's label; empty for none. */
  public String label() {
    return label;
  }

  /** Returns what becomes of keys that the shape does not list. */
  public Unknown unknown() {
    return unknown;
  }

  /** Returns the keys, in the order in which they are documented. */
  public List<Key> keys() {
    return keys;
  }

  /** Returns the key of this name. */
  public Optional<Key> key(String wanted) {
    return Optional.ofNullable(named.get(wanted));
  }

  boolean isLabelled() {
    return !label.isEmpty();
  }

  Optional<Key> apiKey(String field) {
    return Optional.ofNullable(fields.get(field));
  }
}
