package dev.connectbridge.parse;

import java.util.List;
import java.util.Optional;

/**
 * What a type of block may hold. Shapes are data: what reads a spec and what describes the format
 * work from the same ones.
 *
 * @param name the block's type
 * @param label the API's field that holds what HCL writes as the block's label; empty for a block
 *     without one
 * @param unknown what becomes of keys that the shape does not list
 * @param keys the keys, in the order in which they are documented
 */
public record Shape(String name, String label, Unknown unknown, List<Key> keys) {
  public Shape {
    keys = List.copyOf(keys);
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

  boolean isLabelled() {
    return !label.isEmpty();
  }

  /** Returns the key of this name. */
  public Optional<Key> key(String wanted) {
    return keys.stream().filter(key -> key.name().equals(wanted)).findFirst();
  }

  Optional<Key> apiKey(String field) {
    return keys.stream().filter(key -> key.fields().contains(field)).findFirst();
  }
}
