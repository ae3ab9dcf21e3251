package dev.connectbridge.resolve;

import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Fills in what an instance knows, and warns of what it does not. */
final class Filling {
  private final Interpolation values;
  private final List<Problem> warnings;

  Filling(Interpolation values, List<Problem> warnings) {
    this.values = values;
    this.warnings = warnings;
  }

  String text(Origin origin, String key, String text) {
    for (String unknown : values.unknownIn(text)) {
      warnings.add(origin.problem(key, unknown + " is not known here and stays as written"));
    }
    return values.apply(text);
  }

  List<String> texts(Origin origin, String key, List<String> texts) {
    return texts.stream().map(text -> text(origin, key, text)).toList();
  }

  /** Fills keys and values in. */
  SortedMap<String, String> map(Origin origin, String name, Map<String, String> map) {
    SortedMap<String, String> filled = new TreeMap<>();
    map.forEach((key, value) -> filled.put(text(origin, name, key), text(origin, name, value)));
    return filled;
  }

  /**
   * Fills the keys of an opaque map in, as Nomad 1.1.2 does, and leaves its values alone. Consul
   * 1.8.7 breaks off every read of a service in whose proxy configuration a null is.
   */
  SortedMap<String, Value> opaque(Origin origin, Map<String, Value> config) {
    if (config.values().stream().anyMatch(Value::holdsNull)) {
      warnings.add(origin.problem("config", "null is not sent, as if it had not been written"));
    }
    SortedMap<String, Value> filled = new TreeMap<>();
    Value.withoutNulls(config)
        .forEach((key, value) -> filled.put(text(origin, "config", key), value));
    return filled;
  }

  /** Fills a text in without a word about what is not known; it is told elsewhere. */
  String quietly(String text) {
    return values.apply(text);
  }
}
