package dev.connectbridge.resolve;

import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tags that Nomad since 1.4.0 has its proxies put into their statistics. */
final class StatsTags {
  private static final String KEY = "envoy_stats_tags";

  private StatsTags() {}

  /** Appends the tags of whose kind the user has none; what is no list is left as it is. */
  static void addTo(SortedMap<String, Value> config, Instance instance) {
    Value said = config.getOrDefault(KEY, new Value.Items(List.of()));
    if (!(said instanceof Value.Items own)) {
      return;
    }
    List<Value> tags = new ArrayList<>(own.items());
    of(instance)
        .forEach(
            (name, value) -> {
              String start = name + "=";
              if (!value.isEmpty() && own.items().stream().noneMatch(tag -> is(tag, start))) {
                tags.add(new Value.Text(start + value));
              }
            });
    config.put(KEY, new Value.Items(tags));
  }

  private static boolean is(Value tag, String start) {
    return tag instanceof Value.Text text && text.text().startsWith(start);
  }

  private static SortedMap<String, String> of(Instance instance) {
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put("nomad.alloc_id", instance.id());
    tags.put("nomad.group", instance.group().name());
    tags.put("nomad.job", instance.job().id());
    tags.put("nomad.namespace", instance.job().namespace());
    return tags;
  }
}
