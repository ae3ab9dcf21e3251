package dev.connectbridge.spec;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A value that the bridge carries without knowing what it means: proxy and driver configuration.
 * Types are kept; numbers are compared by value.
 */
public sealed interface Value {

  /** A text. */
  record Text(String text) implements Value {}

  /** A number, without trailing zeros, so that 1, 1.0 and 1e0 are one value. */
  record Num(BigDecimal number) implements Value {
    public Num {
      number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    /** Returns a whole number. */
    public static Num of(long number) {
      return new Num(BigDecimal.valueOf(number));
    }
  }

  /** True or false. */
  record Bool(boolean flag) implements Value {}

  /** A list, in the order written. */
  record Items(List<Value> items) implements Value {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** A map; equal to another whatever the order of their keys. */
  record Entries(Map<String, Value> entries) implements Value {
    public Entries {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }

  /** Null, where the author wrote it. */
  record Nothing() implements Value {}

  /** Returns this value with every text in it, at any depth, replaced; keys stay. */
  default Value mapTexts(UnaryOperator<String> change) {
    if (this instanceof Text text) {
      return new Text(change.apply(text.text()));
    }
    if (this instanceof Items items) {
      return new Items(items.items().stream().map(item -> item.mapTexts(change)).toList());
    }
    if (this instanceof Entries entries) {
      Map<String, Value> changed = new LinkedHashMap<>();
      entries.entries().forEach((key, value) -> changed.put(key, value.mapTexts(change)));
      return new Entries(changed);
    }
    return this;
  }

  /** Returns whether there is a null in this value, at any depth. */
  default boolean holdsNull() {
    if (this instanceof Items items) {
      return items.items().stream().anyMatch(Value::holdsNull);
    }
    if (this instanceof Entries entries) {
      return entries.entries().values().stream().anyMatch(Value::holdsNull);
    }
    return this instanceof Nothing;
  }

  /** Returns the values that are there: a null in a proxy's configuration is none. */
  static Map<String, Value> withoutNulls(Map<String, Value> values) {
    Map<String, Value> there = new LinkedHashMap<>(values);
    there.values().removeIf(Nothing.class::isInstance);
    return there;
  }

  /** Returns the values that are there, in their order. */
  static List<Value> withoutNulls(List<Value> values) {
    return values.stream().filter(value -> !(value instanceof Nothing)).toList();
  }

  /**
   * Returns this value as Consul can hold it, at any depth: numbers are doubles, and there are no
   * nulls, because 1.8.7 breaks off every read of a service in whose proxy there is one.
   */
  default Value asHeld() {
    if (this instanceof Num num) {
      double near = num.number().doubleValue();
      return Double.isFinite(near) ? new Num(BigDecimal.valueOf(near)) : this;
    }
    if (this instanceof Items items) {
      return new Items(withoutNulls(items.items()).stream().map(Value::asHeld).toList());
    }
    if (this instanceof Entries entries) {
      Map<String, Value> held = withoutNulls(entries.entries());
      held.replaceAll((key, value) -> value.asHeld());
      return new Entries(held);
    }
    return this;
  }
}
