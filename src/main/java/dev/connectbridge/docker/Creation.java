package dev.connectbridge.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.spec.Spelling;
import dev.connectbridge.spec.TaskSpec;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The container that an order asks for. It shares this machine's network unless its author says
 * otherwise: a proxy has to reach the agent and the application on loopback, and the bridge makes
 * no network for a group.
 *
 * @param name its name, which belongs to its task alone
 * @param image its image
 * @param body what the engine is told
 * @param problems what is wrong with the order
 */
record Creation(String name, String image, ObjectNode body, List<String> problems) {
  /** Where a task finds its directories, as Nomad's own containers do. */
  static final TaskDirs INSIDE =
      new TaskDirs(
          Path.of("/alloc"), Path.of("/local"), Path.of("/secrets"), Path.of("/alloc/logs"));

  private static final String NETWORK = "host";
  private static final int LONGEST_NAME = 100;
  private static final int TAIL = 12;
  private static final int SHARES_PER_CORE = 1024;
  private static final int LEAST_MEGABYTES = 6;
  private static final long MEGABYTE = 1L << 20;
  private static final long LEAST_LOG = 32 * MEGABYTE;

  static Creation of(TaskOrder order) {
    Draft draft = new Draft(order.dirs());
    draft.host().put("NetworkMode", NETWORK);
    List<String> problems = new ArrayList<>(Config.write(order.task().config(), draft));
    process(order, draft.top(), problems);
    mount(order.dirs(), draft.host());
    limit(order.task().resources(), draft.host(), problems);
    log(order, draft.host());
    Draft.map(draft.top(), "Labels", Labels.of(order));
    String image = draft.top().path("Image").asText();
    return new Creation(name(order.id()), image, draft.top(), List.copyOf(problems));
  }

  /** Returns the name of a task's container; one that is too long ends in a digest of itself. */
  static String name(TaskId id) {
    String name = "connect-bridge-" + id;
    return name.length() <= LONGEST_NAME
        ? name
        : name.substring(0, LONGEST_NAME - TAIL - 1) + "-" + digest(name).substring(0, TAIL);
  }

  private static String digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void process(TaskOrder order, ObjectNode top, List<String> problems) {
    var env = top.putArray("Env");
    order
        .env()
        .forEach(
            (name, value) -> {
              if (name.isEmpty() || name.contains("=") || (name + value).indexOf(0) >= 0) {
                problems.add("env: no process can be given " + Spelling.quoted(name));
              }
              env.add(name + "=" + value);
            });
    if (!order.task().user().isEmpty()) {
      top.put("User", order.task().user());
    }
    if (!order.task().killSignal().isEmpty()) {
      top.put("StopSignal", order.task().killSignal());
    }
  }

  /** As mounts, not binds: a path may hold a colon, and one that is missing must not be made. */
  private static void mount(TaskDirs dirs, ObjectNode host) {
    mount(dirs.alloc(), INSIDE.alloc(), host);
    mount(dirs.local(), INSIDE.local(), host);
    mount(dirs.secrets(), INSIDE.secrets(), host);
  }

  private static void mount(Path source, Path target, ObjectNode host) {
    host.withArray("/Mounts")
        .addObject()
        .put("Type", "bind")
        .put("Source", source.toAbsolutePath().toString())
        .put("Target", target.toString());
  }

  /** Memory is not followed by swap: a limit that only slows a task down is none. */
  private static void limit(TaskSpec.Resources asked, ObjectNode host, List<String> problems) {
    asked.cpuMhz().ifPresent(mhz -> host.put("CpuShares", Math.max(2, mhz)));
    asked.cores().ifPresent(cores -> host.put("CpuShares", cores * SHARES_PER_CORE));
    asked
        .memoryMb()
        .ifPresent(
            memory -> {
              int most = Math.max(memory, asked.memoryMaxMb().orElse(memory));
              if (most < LEAST_MEGABYTES) {
                problems.add("resources.memory: no engine gives less than 6 MB");
              }
              host.put("Memory", most * MEGABYTE).put("MemorySwap", most * MEGABYTE);
              if (most > memory) {
                host.put("MemoryReservation", memory * MEGABYTE);
              }
            });
  }

  /**
   * The engine's own log is what is not read yet, two files of it: whoever reads one while it is
   * written goes on with the newest, so that it must be large beside what is written at a stroke.
   */
  private static void log(TaskOrder order, ObjectNode host) {
    ObjectNode log = host.putObject("LogConfig");
    Labels.logs(order)
        .ifPresentOrElse(
            logs ->
                log.put("Type", "json-file")
                    .putObject("Config")
                    .put("max-size", String.valueOf(Math.max(LEAST_LOG, logs.bytes())))
                    .put("max-file", "2"),
            () -> log.put("Type", "none"));
    host.putObject("RestartPolicy").put("Name", "no");
    host.put("AutoRemove", false);
  }
}
