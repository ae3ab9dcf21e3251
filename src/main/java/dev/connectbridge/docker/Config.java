package dev.connectbridge.docker;

import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an author tells the driver, key by key. */
final class Config {
  static final String FORCE_PULL = "force_pull";

  private static final Map<String, ConfigOption> OPTIONS = ConfigOption.all();

  /** What Nomad's driver knows and this one does not do, and why. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "auth", "the bridge keeps no passwords of registries: pull the image beforehand",
          "ports", "no ports are published: the container shares this machine's network",
          "port_map", "no ports are published: the container shares this machine's network",
          "logging", "the output is kept as the task's logs say",
          "tty", "the output is kept as two streams, which a terminal has not");

  /** What Nomad's driver knows and means nothing here. */
  private static final Set<String> IDLE = Set.of("auth_soft_fail");

  private Config() {}

  /** Writes a task's configuration into a draft; returns what is wrong with it. */
  static List<String> write(Map<String, Value> config, Draft draft) {
    List<String> problems = new ArrayList<>();
    if (!Value.withoutNulls(config).containsKey("image")) {
      problems.add("config.image: the docker driver needs an image");
    }
    // Args before command, which is put in front of them whatever the author's order.
    OPTIONS.keySet().stream()
        .sorted()
        .filter(config::containsKey)
        .forEach(key -> write(key, config.get(key), draft, problems));
    config.keySet().stream()
        .filter(key -> !isKnown(key))
        .map(Config::refusal)
        .forEach(problems::add);
    checkFlag(config, problems);
    return problems;
  }

  static boolean isForcedPull(Map<String, Value> config) {
    Value value = config.getOrDefault(FORCE_PULL, new Value.Nothing());
    return !(value instanceof Value.Nothing) && Words.flag(value);
  }

  private static void checkFlag(Map<String, Value> config, List<String> problems) {
    try {
      isForcedPull(config);
    } catch (IllegalArgumentException e) {
      problems.add("config." + FORCE_PULL + ": " + e.getMessage());
    }
  }

  private static void write(String key, Value value, Draft draft, List<String> problems) {
    if (value instanceof Value.Nothing) {
      return;
    }
    try {
      OPTIONS.get(key).write(value, draft);
    } catch (IllegalArgumentException e) {
      problems.add("config." + key + ": " + e.getMessage());
    }
  }

  private static boolean isKnown(String key) {
    return OPTIONS.containsKey(key) || key.equals(FORCE_PULL) || IDLE.contains(key);
  }

  private static String refusal(String key) {
    String why = REFUSED.get(key);
    if (why != null) {
      return "config." + key + ": " + why;
    }
    List<String> names = new ArrayList<>(OPTIONS.keySet());
    names.add(FORCE_PULL);
    return "config: the docker driver knows no "
        + Spelling.quoted(key)
        + Spelling.didYouMean(key, names);
  }
}
