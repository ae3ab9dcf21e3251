package dev.connectbridge.admit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectbridge.spec.ConnectSpec.SidecarTask;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.spec.Value;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The task that runs a proxy: Nomad's default one, with the {@code sidecar_task} block laid over it
 * field by field. Nomad itself lets any such block reset the other fields to the defaults of an
 * ordinary task; we do not.
 */
final class ProxyTask {
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

  private ProxyTask() {}

  /** Adds the service's proxy task, or lays the block over the one that is already there. */
  static void addTo(List<TaskSpec> tasks, JobSpec job, GroupSpec group, ServiceSpec service) {
    Optional<SidecarTask> block = service.connect().flatMap(connect -> connect.sidecarTask());
    String kind = Admission.proxyKind(service);
    for (int i = 0; i < tasks.size(); i++) {
      if (tasks.get(i).kind().equals(kind)) {
        tasks.set(i, merged(tasks.get(i), block));
        return;
      }
    }
    tasks.add(merged(defaultTask(tasks, job, group, service), block));
  }

  private static TaskSpec defaultTask(
      List<TaskSpec> tasks, JobSpec job, GroupSpec group, ServiceSpec service) {
    return new TaskSpec(
        freeName(tasks, job, group, service),
        Admission.proxyKind(service),
        driver(group),
        "",
        envoy(),
        Map.of(),
        new Resources(OptionalInt.of(250), OptionalInt.of(128)),
        Map.of(),
        new Logs(OptionalInt.of(2), OptionalInt.of(2)),
        FIVE_SECONDS,
        FIVE_SECONDS,
        "",
        service.origin());
  }

  /** Nomad puts six random hex digits behind a name that is taken; ours are the same every time. */
  private static String freeName(
      List<TaskSpec> tasks, JobSpec job, GroupSpec group, ServiceSpec service) {
    String name = "connect-proxy-" + service.name();
    if (tasks.stream().noneMatch(task -> task.name().equals(name))) {
      return name;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((job.id() + "\n" + group.name() + "\n" + name).getBytes(UTF_8));
      return name + "-" + HexFormat.of().formatHex(digest, 0, 3);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Podman where the group runs podman and no docker (Nomad 1.6.0), else docker. */
  private static String driver(GroupSpec group) {
    boolean docker = group.tasks().stream().anyMatch(task -> task.driver().equals("docker"));
    boolean podman = group.tasks().stream().anyMatch(task -> task.driver().equals("podman"));
    return podman && !docker ? "podman" : "docker";
  }

  /** What Nomad 1.1.2 tells the driver, as it stands before the node fills it in. */
  private static Map<String, Value> envoy() {
    Map<String, Value> config = new LinkedHashMap<>();
    config.put("image", new Value.Text("${meta.connect.sidecar_image}"));
    config.put(
        "args",
        new Value.Items(
            List.<Value>of(
                new Value.Text("-c"),
                new Value.Text("${NOMAD_SECRETS_DIR}/envoy_bootstrap.json"),
                new Value.Text("-l"),
                new Value.Text("${meta.connect.log_level}"),
                new Value.Text("--concurrency"),
                new Value.Text("${meta.connect.proxy_concurrency}"),
                new Value.Text("--disable-hot-restart"))));
    return config;
  }

  private static TaskSpec merged(TaskSpec task, Optional<SidecarTask> block) {
    return block.map(over -> merged(task, over)).orElse(task);
  }

  private static TaskSpec merged(TaskSpec task, SidecarTask over) {
    boolean otherDriver = !over.driver().isEmpty() && !over.driver().equals(task.driver());
    Duration kill = over.killTimeout().orElse(task.killTimeout());
    return new TaskSpec(
        either(over.name(), task.name()),
        task.kind(),
        either(over.driver(), task.driver()),
        either(over.user(), task.user()),
        otherDriver ? over.config() : overlaid(task.config(), over.config()),
        overlaid(task.env(), over.env()),
        new Resources(
            either(over.resources().cpuMhz(), task.resources().cpuMhz()),
            either(over.resources().memoryMb(), task.resources().memoryMb())),
        overlaid(task.meta(), over.meta()),
        new Logs(
            either(over.logs().maxFiles(), task.logs().maxFiles()),
            either(over.logs().maxFileSizeMb(), task.logs().maxFileSizeMb())),
        kill.isZero() ? FIVE_SECONDS : kill,
        over.shutdownDelay().orElse(task.shutdownDelay()),
        either(over.killSignal(), task.killSignal()),
        over.origin());
  }

  private static String either(String own, String otherwise) {
    return own.isEmpty() ? otherwise : own;
  }

  private static OptionalInt either(OptionalInt own, OptionalInt otherwise) {
    return own.isPresent() && own.getAsInt() != 0 ? own : otherwise;
  }

  private static <V> Map<String, V> overlaid(Map<String, V> under, Map<String, V> over) {
    Map<String, V> merged = new LinkedHashMap<>(under);
    merged.putAll(over);
    return merged;
  }
}
