package dev.connectbridge.resolve;

import dev.connectbridge.admit.Admission;
import dev.connectbridge.admit.Interpolation;
import dev.connectbridge.launch.GroupEnvironment;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.spec.ConnectSpec.Upstream;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What tasks of an instance may ask for, and what stands in their environment (Nomad 1.1.2's
 * names). An upstream's address is the one that the proxy binds; Nomad says 127.0.0.1 of all.
 */
final class Variables {
  private static final String OURS = "NOMAD_";
  private static final String META = "NOMAD_META_";
  private static final Pattern UNCLEAN = Pattern.compile("^[0-9]|[^A-Za-z0-9_.]");

  private final Instance instance;
  private final Interpolation group;

  Variables(Instance instance, Interpolation values) {
    this.instance = instance;
    SortedMap<String, String> known = clientDefaults();
    known.putAll(values.values());
    known.putAll(upstreams(values));
    this.group = new Interpolation(known);
  }

  /** What a Nomad client knows of its proxies although nobody has told it. */
  private static SortedMap<String, String> clientDefaults() {
    return new TreeMap<>(
        Map.of("meta.connect.log_level", "info", "meta.connect.proxy_concurrency", "1"));
  }

  /** Returns what a task may ask for, itself included. */
  Interpolation of(TaskSpec task) {
    SortedMap<String, String> own = new TreeMap<>();
    own.put("NOMAD_TASK_NAME", task.name());
    limit(own, "NOMAD_CPU_LIMIT", task.resources().cpuMhz());
    limit(own, "NOMAD_MEMORY_LIMIT", task.resources().memoryMb());
    limit(own, "NOMAD_MEMORY_MAX_LIMIT", task.resources().memoryMaxMb());
    SortedMap<String, String> meta = new TreeMap<>(task.meta());
    meta.replaceAll((key, value) -> group.plus(own).apply(value));
    own.putAll(Admission.metaValues(meta));
    return group.plus(own);
  }

  private static void limit(SortedMap<String, String> values, String name, OptionalInt limit) {
    if (limit.isPresent() && limit.getAsInt() > 0) {
      values.put(name, Integer.toString(limit.getAsInt()));
    }
  }

  /** Returns the command of a check as the task that it runs in would write it. */
  List<String> words(Launch launch, ServiceSpec.Script script) {
    Interpolation known = of(launch.task()).plus(launch.env());
    List<String> words = new ArrayList<>();
    words.add(known.apply(script.command()));
    script.args().forEach(arg -> words.add(known.apply(arg)));
    return words;
  }

  /** Returns what of it stands in an environment: meta keys are cleaned there. */
  SortedMap<String, String> env(Interpolation known) {
    SortedMap<String, String> env = new TreeMap<>();
    known
        .values()
        .tailMap(OURS)
        .forEach(
            (name, value) -> {
              if (name.startsWith(OURS)) {
                env.put(
                    name.startsWith(META) ? META + cleaned(name.substring(META.length())) : name,
                    value);
              }
            });
    return env;
  }

  /** Returns what no task alone has. */
  GroupEnvironment environment() {
    boolean counted = instance.job().allocation().isEmpty();
    boolean plain = counted && instance.job().namespace().equals("default");
    return new GroupEnvironment(
        GroupEnvironment.fileName(
            instance.job().name(), instance.group().name(), instance.index(), plain, instance.id()),
        env(group));
  }

  private SortedMap<String, String> upstreams(Interpolation known) {
    SortedMap<String, String> values = new TreeMap<>();
    for (ServiceSpec service : instance.group().services()) {
      service
          .sidecar()
          .ifPresent(
              sidecar ->
                  sidecar.proxy().upstreams().forEach(upstream -> put(values, upstream, known)));
    }
    return values;
  }

  private static void put(
      SortedMap<String, String> values, Upstream upstream, Interpolation known) {
    String name = known.apply(upstream.destinationName());
    String address = known.apply(upstream.localBindAddress());
    String ip = address.isEmpty() ? "127.0.0.1" : address;
    put(values, name, ip, upstream.localBindPort());
    put(values, cleaned(name), ip, upstream.localBindPort());
  }

  private static void put(SortedMap<String, String> values, String name, String ip, int port) {
    values.put("NOMAD_UPSTREAM_IP_" + name, ip);
    values.put("NOMAD_UPSTREAM_PORT_" + name, Integer.toString(port));
    values.put("NOMAD_UPSTREAM_ADDR_" + name, Addresses.hostPort(ip, port));
  }

  /** Returns a name as it can stand in an environment: no dash, and no digit at its beginning. */
  static String cleaned(String name) {
    return UNCLEAN.matcher(name).replaceAll("_");
  }
}
