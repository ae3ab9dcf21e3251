package dev.connectbridge.admit;

import dev.connectbridge.spec.ConnectSpec;
import dev.connectbridge.spec.ConnectSpec.SidecarTask;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.spec.Value;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The task that runs a proxy: Nomad's default one, with the {@code sidecar_task} block laid over it
 * field by field. Nomad itself lets any such block reset the other fields to the defaults of an
 * ordinary task; we do so when asked to.
 */
final class ProxyTask {
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
  private static final Resources ORDINARY = Resources.of(100, 300);
  private static final Value IMAGE = new Value.Text("${meta.connect.sidecar_image}");
  private static final Logs ORDINARY_LOGS = Logs.of(10, 10);

  private final JobSpec job;
  private final GroupSpec group;
  private final ServiceSpec service;
  private final ConnectKind connect;

  ProxyTask(JobSpec job, GroupSpec group, ServiceSpec service, ConnectKind connect) {
    this.job = job;
    this.group = group;
    this.service = service;
    this.connect = connect;
  }

  /** Adds the service's proxy task, or lays the block over the one that is already there. */
  void addTo(List<TaskSpec> tasks, AdmissionOptions options) {
    Optional<SidecarTask> block =
        service
            .connect()
            .flatMap(ConnectSpec::sidecarTask)
            .map(said -> options.nomadCompatibleDefaults() ? asOrdinary(said) : said);
    String kind = connect.taskKind(service.name());
    for (int i = 0; i < tasks.size(); i++) {
      if (tasks.get(i).kind().equals(kind)) {
        tasks.set(i, merged(tasks.get(i), block));
        return;
      }
    }
    String name = freeName(tasks, connect.name(service.name()));
    tasks.add(merged(defaultTask(name, kind), block));
  }

  private TaskSpec defaultTask(String name, String kind) {
    return new TaskSpec(
        name,
        kind,
        driver(),
        "",
        envoy(),
        Map.of(),
        Resources.of(250, 128),
        Map.of(),
        Logs.of(2, 2),
        FIVE_SECONDS,
        FIVE_SECONDS,
        "",
        service.origin());
  }

  /** Nomad puts six random hex digits behind a name that is taken; ours are the same every time. */
  private String freeName(List<TaskSpec> tasks, String name) {
    return tasks.stream().noneMatch(task -> task.name().equals(name))
        ? name
        : name + "-" + Injection.sixHex(job.id() + "\n" + group.name() + "\n" + name);
  }

  /** Podman where the group runs podman and no docker (Nomad 1.6.0), else docker. */
  private String driver() {
    boolean docker = group.tasks().stream().anyMatch(task -> task.driver().equals("docker"));
    boolean podman = group.tasks().stream().anyMatch(task -> task.driver().equals("podman"));
    return podman && !docker ? "podman" : "docker";
  }

  /** Nomad has not always said everything that it says today, but always the same image. */
  static boolean isDefault(TaskSpec task) {
    return IMAGE.equals(task.config().get("image"))
        && task.config().keySet().equals(Set.of("image", "args"));
  }

  /** What Nomad 1.1.2 tells the driver, as it stands before the node fills it in. */
  private static Map<String, Value> envoy() {
    Map<String, Value> config = new LinkedHashMap<>();
    config.put("image", IMAGE);
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

  /** What a block leaves open, Nomad 1.1.2 takes from the defaults of an ordinary task. */
  private static SidecarTask asOrdinary(SidecarTask block) {
    Resources said = block.resources();
    Resources resources =
        new Resources(
            said.cores().isPresent() ? said.cpuMhz() : either(said.cpuMhz(), ORDINARY.cpuMhz()),
            said.cores(),
            either(said.memoryMb(), ORDINARY.memoryMb()),
            said.memoryMaxMb());
    Logs logs =
        new Logs(
            either(block.logs().maxFiles(), ORDINARY_LOGS.maxFiles()),
            either(block.logs().maxFileSizeMb(), ORDINARY_LOGS.maxFileSizeMb()),
            block.logs().disabled());
    return new SidecarTask(
        block.name(),
        block.driver(),
        block.user(),
        block.config(),
        block.env(),
        resources,
        block.meta(),
        logs,
        Optional.of(block.killTimeout().orElse(FIVE_SECONDS)),
        Optional.of(block.shutdownDelay().orElse(Duration.ZERO)),
        block.killSignal(),
        block.origin());
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
            over.resources().cores().isPresent()
                ? over.resources().cpuMhz()
                : either(over.resources().cpuMhz(), task.resources().cpuMhz()),
            either(over.resources().cores(), task.resources().cores()),
            either(over.resources().memoryMb(), task.resources().memoryMb()),
            either(over.resources().memoryMaxMb(), task.resources().memoryMaxMb())),
        overlaid(task.meta(), over.meta()),
        new Logs(
            either(over.logs().maxFiles(), task.logs().maxFiles()),
            either(over.logs().maxFileSizeMb(), task.logs().maxFileSizeMb()),
            over.logs().disabled() || task.logs().disabled()),
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
