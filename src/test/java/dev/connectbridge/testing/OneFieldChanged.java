package dev.connectbridge.testing;

import dev.connectbridge.spec.Value;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A record's neighbours: for every field at any depth, the same record with that field alone
 * changed. It asks the records themselves what fields they have, so none can be forgotten.
 */
public final class OneFieldChanged {
  private OneFieldChanged() {}

  /** Returns the neighbours by the path of what was changed, as {@code sidecar.proxy.config}. */
  public static <R extends Record> Map<String, R> of(R record) {
    Map<String, R> neighbours = new LinkedHashMap<>();
    RecordComponent[] components = record.getClass().getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      Object[] values = values(record);
      for (Map.Entry<String, Object> other : others(values[i]).entrySet()) {
        Object[] changed = values(record);
        changed[i] = other.getValue();
        neighbours.put(name + other.getKey(), made(record, changed));
      }
    }
    return neighbours;
  }

  private static Object[] values(Record record) {
    try {
      List<Object> values = new ArrayList<>();
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        values.add(component.getAccessor().invoke(record));
      }
      return values.toArray();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <R extends Record> R made(R like, Object[] values) {
    try {
      Class<?>[] types =
          Arrays.stream(like.getClass().getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      return (R) like.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> others(Object value) {
    if (value instanceof String text) {
      return Map.of("", text + "x");
    }
    if (value instanceof Integer number) {
      return Map.of("", number + 1);
    }
    if (value instanceof BigDecimal number) {
      return Map.of("", number.add(BigDecimal.ONE));
    }
    if (value instanceof Boolean flag) {
      return Map.of("", !flag);
    }
    if (value instanceof Duration time) {
      return Map.of("", time.plusMillis(1));
    }
    if (value instanceof Enum<?> word) {
      List<?> words = List.of(word.getDeclaringClass().getEnumConstants());
      return Map.of("", words.get((words.indexOf(word) + 1) % words.size()));
    }
    if (value instanceof Value.Text text) {
      return Map.of("", new Value.Text(text.text() + "x"));
    }
    if (value instanceof Record record) {
      Map<String, Object> others = new LinkedHashMap<>();
      of(record).forEach((path, other) -> others.put("." + path, other));
      return others;
    }
    return manifold(value);
  }

  private static Map<String, Object> manifold(Object value) {
    Map<String, Object> others = new LinkedHashMap<>();
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(
          inner -> {
            others(inner).forEach((path, other) -> others.put(path, Optional.of(other)));
            others.put(" left out", Optional.empty());
          });
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        int at = i;
        others(list.get(i))
            .forEach((path, other) -> others.put("[" + at + "]" + path, replaced(list, at, other)));
        others.put("[" + i + "] left out", without(list, i));
      }
    } else if (value instanceof SortedMap<?, ?> map) {
      map.forEach(
          (key, inner) -> {
            others(inner)
                .forEach((path, other) -> others.put("." + key + path, replaced(map, key, other)));
            others.put("." + key + " left out", without(map, key));
          });
    } else {
      throw new IllegalStateException("no other value is known for a " + value.getClass());
    }
    return others;
  }

  private static List<Object> replaced(List<?> list, int at, Object other) {
    List<Object> changed = new ArrayList<>(list);
    changed.set(at, other);
    return changed;
  }

  private static List<Object> without(List<?> list, int at) {
    List<Object> changed = new ArrayList<>(list);
    changed.remove(at);
    return changed;
  }

  private static SortedMap<Object, Object> replaced(Map<?, ?> map, Object key, Object other) {
    SortedMap<Object, Object> changed = new TreeMap<>(map);
    changed.put(key, other);
    return changed;
  }

  private static SortedMap<Object, Object> without(Map<?, ?> map, Object key) {
    SortedMap<Object, Object> changed = new TreeMap<>(map);
    changed.remove(key);
    return changed;
  }
}
