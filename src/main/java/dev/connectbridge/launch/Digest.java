package dev.connectbridge.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.spec.Value;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The hash over what a process is made of. */
final class Digest {
  /** The upstreams of the group, of which a proxy hears from the agent. */
  private static final String UPSTREAM = "NOMAD_UPSTREAM_";

  private Digest() {}

  static String of(Launch launch) {
    SortedMap<String, Value> fields = new TreeMap<>();
    TaskSpec task = launch.task();
    fields.put("driver", new Value.Text(task.driver()));
    fields.put("user", new Value.Text(task.user()));
    fields.put("config", new Value.Entries(task.config()));
    fields.put("resources", resources(task.resources()));
    fields.put("logs", logs(task.logs()));
    fields.put("admin", new Value.Text(launch.admin().address()));
    SortedMap<String, Value> env = new TreeMap<>();
    launch.env().forEach((name, value) -> env.put(name, new Value.Text(value)));
    env.keySet().removeIf(name -> name.startsWith(UPSTREAM) && !task.env().containsKey(name));
    fields.put("env", new Value.Entries(env));
    return sha256(canonical(new Value.Entries(fields))).substring(0, 32);
  }

  private static Value resources(Resources said) {
    return new Value.Text(
        List.of(said.cpuMhz(), said.cores(), said.memoryMb(), said.memoryMaxMb()).toString());
  }

  private static Value logs(Logs said) {
    return new Value.Text(
        List.of(said.maxFiles(), said.maxFileSizeMb(), said.disabled()).toString());
  }

  /** One text for values that are equal, another for others. */
  private static String canonical(Value value) {
    if (value instanceof Value.Items items) {
      StringBuilder text = new StringBuilder("[");
      items.items().forEach(item -> text.append(canonical(item)).append(','));
      return text.append(']').toString();
    }
    if (value instanceof Value.Entries entries) {
      StringBuilder text = new StringBuilder("{");
      for (Map.Entry<String, Value> entry : new TreeMap<>(entries.entries()).entrySet()) {
        text.append(framed(entry.getKey())).append(canonical(entry.getValue())).append(',');
      }
      return text.append('}').toString();
    }
    return framed(value.toString());
  }

  private static String framed(String text) {
    return text.length() + ":" + text;
  }

  /** Returns the SHA-256 of a text in hex digits. */
  static String sha256(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
