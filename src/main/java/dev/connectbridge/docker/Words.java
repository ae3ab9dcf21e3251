package dev.connectbridge.docker;

import dev.connectbridge.spec.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Values as Nomad reads them: what is written as a number or as a text is the same. */
final class Words {
  private Words() {}

  static String text(Value value) {
    if (value instanceof Value.Text text) {
      return text.text();
    }
    if (value instanceof Value.Num num) {
      return num.number().toPlainString();
    }
    if (value instanceof Value.Bool bool) {
      return String.valueOf(bool.flag());
    }
    throw new IllegalArgumentException("must be a text");
  }

  static boolean flag(Value value) {
    return switch (scalar(value)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  static long whole(Value value) {
    return whole(scalar(value));
  }

  static long whole(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number", e);
    }
  }

  private static String scalar(Value value) {
    return value instanceof Value.Items || value instanceof Value.Entries ? "" : text(value);
  }

  static List<String> list(Value value) {
    if (!(value instanceof Value.Items items)) {
      throw new IllegalArgumentException("must be a list of texts");
    }
    return each(items, Words::text, "must be a list of texts");
  }

  /** A map; written as a block, it is a list of one map, or of several that add up. */
  static Map<String, String> map(Value value) {
    if (value instanceof Value.Entries entries) {
      Map<String, String> map = new LinkedHashMap<>();
      entries.entries().forEach((key, each) -> map.put(key, text(each)));
      return map;
    }
    if (value instanceof Value.Items items) {
      Map<String, String> map = new LinkedHashMap<>();
      each(items, Words::entries, "must be a map of texts").forEach(map::putAll);
      return map;
    }
    throw new IllegalArgumentException("must be a map of texts");
  }

  private static Map<String, String> entries(Value value) {
    if (value instanceof Value.Entries) {
      return map(value);
    }
    throw new IllegalArgumentException("must be a map of texts");
  }

  private static <T> List<T> each(Value.Items items, Function<Value, T> read, String complaint) {
    try {
      return items.items().stream().map(read).collect(Collectors.toUnmodifiableList());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(complaint, e);
    }
  }
}
