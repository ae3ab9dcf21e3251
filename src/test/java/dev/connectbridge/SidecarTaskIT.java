package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.drain.Receipt.TaskEnd;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.supervise.DrainReceipt;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealDocker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each of the eleven words of a sidecar_task does to a real process and to a real container,
 * from the file that it is written in to what the kernel and the engine say. Every word has a group
 * of its own, so that one start shows them all.
 */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"raw_exec", "docker"})
class SidecarTaskIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long MEGABYTE = 1L << 20;

  /** Tells everything that it sees, and ends with 7 on every signal that can be caught. */
  private static final String PROXY =
      "trap 'echo got INT; exit 7' INT; trap 'echo got TERM; exit 7' TERM;"
          + " trap 'echo got USR1; exit 7' USR1; echo user $(id -u); env; echo argv $*;"
          + " echo mine >$NOMAD_TASK_DIR/own && echo wrote; echo trouble >&2; echo ready; while :; do sleep 0.05; done";

  private static final String STUBBORN = PROXY.replace("; exit 7", "");
  private static final String TALKER = PROXY.replace("echo ready", "seq 1 400000");

  @TempDir private static Path temp;
  private static RealConsul consul;
  private static Optional<RealDocker> docker = Optional.empty();
  private static Bridge bridge;

  @Parameter private String driver;

  @BeforeParameterizedClassInvocation
  static void runAll(String driver) throws IOException {
    docker = driver.equals("docker") ? Optional.of(RealDocker.get()) : Optional.empty();
    Optional<String> image = docker.map(engine -> engine.image("words", "ENV PATH=/bin"));
    consul = RealConsul.dev();
    Path specs = Files.createDirectories(temp.resolve(driver).resolve("specs"));
    Files.createDirectories(temp.resolve(driver).resolve("data"));
    for (String path : List.of("", driver, driver + "/data")) {
      Files.setPosixFilePermissions(
          temp.resolve(path), PosixFilePermissions.fromString("rwx--x--x"));
    }
    bridge =
        Bridge.builder()
            .consul(consul.address())
            .owner("words-" + driver)
            .runDirectory(temp.resolve(driver).resolve("run"))
            .dataDirectory(temp.resolve(driver).resolve("data"))
            .source(new SpecPaths(List.of(specs)))
            .drains(new DrainPolicy(SOON, Optional.empty(), false))
            .runTasks(Optional.of(docker.map(RealDocker::address).orElse("unix:///nowhere")))
            .build();
    Files.writeString(specs.resolve("words.nomad.hcl"), job(driver, image));
    bridge.start();
  }

  private static String job(String driver, Optional<String> image) {
    String stops = " shutdown_delay = \"0s\"";
    String groups =
        String.join(
            "",
            group(driver, image, "name", PROXY, "name = \"watchman\""),
            group(driver, image, "driver", PROXY, ""),
            group(
                driver,
                image,
                "user",
                PROXY,
                "user = \"" + (image.isEmpty() ? "1" : "1234") + "\""),
            group(driver, image, "config", PROXY, ""),
            group(
                driver, image, "env", PROXY, "env { GREETING = \"hello from ${NOMAD_JOB_NAME}\" }"),
            group(driver, image, "resources", PROXY, "resources {\n cpu = 300\n memory = 64\n }"),
            group(driver, image, "meta", PROXY, "meta { colour = \"blue\" }"),
            group(driver, image, "logs", TALKER, "logs {\n max_files = 2\n max_file_size = 1\n }"),
            group(driver, image, "killtimeout", STUBBORN, "kill_timeout = \"1s\"" + "\n" + stops),
            group(driver, image, "shutdowndelay", PROXY, "shutdown_delay = \"1500ms\""),
            group(driver, image, "killsignal", PROXY, "kill_signal = \"SIGUSR1\"\n" + stops));
    return "job \"words\" {\n datacenters = [\"dc1\"]\n" + groups + "}\n";
  }

  private static String group(
      String driver, Optional<String> image, String word, String script, String more) {
    return """
    group "%1$s" {
      network {
        mode = "bridge"
        port "app" {}
      }
      service {
        name = "s-%1$s"
        port = "app"
        connect {
          sidecar_service {}
          sidecar_task {
            driver = "%2$s"
            config {
              %3$s
              command = "/bin/sh"
              args    = ["-c", "%4$s", "sh", "first of ${NOMAD_GROUP_NAME}", "second"]
            }
            %5$s
          }
        }
      }
    }
    """
        .formatted(
            word,
            driver,
            image.map(name -> "image = \"" + name + "\"").orElse(""),
            script.replace("\"", "\\\""),
            more);
  }

  @AfterParameterizedClassInvocation
  static void endAll() {
    if (bridge != null) {
      bridge.close();
      bridge = null;
    }
    if (consul != null) {
      consul.close();
      consul = null;
    }
    docker.ifPresent(RealDocker::close);
  }

  @Test
  void nameIsWhatTheTaskItsLogsAndItsEnvironmentAreCalled() {
    assertThat(output("name")).contains("NOMAD_TASK_NAME=watchman");
    assertThat(task("name").id()).endsWith(".watchman");
    assertThat(log("name", "watchman", "stdout", 0)).exists();
    assertThat(output("driver")).contains("NOMAD_TASK_NAME=connect-proxy-s-driver");
  }

  @Test
  void driverIsWhoRunsIt() {
    output("driver");

    assertThat(task("driver").driver()).isEqualTo(driver);
    if (docker.isPresent()) {
      JsonNode container = docker.get().inspect(handle("driver"));
      assertThat(container.path("State").path("Running").asBoolean()).isTrue();
    } else {
      assertThat(environment(pid("driver"))).contains("NOMAD_GROUP_NAME=driver");
    }
  }

  @Test
  void userIsWhoItRunsAs() {
    boolean root = System.getProperty("user.name").equals("root");
    Assumptions.assumeTrue(docker.isPresent() || root, "only root can become another user");

    assertThat(output("user")).contains(docker.isPresent() ? "user 1234" : "user 1");
    assertThat(output("driver")).doesNotContain("user 1");
    if (docker.isEmpty()) {
      assertThat(output("user")).contains("wrote");
    }
    assertThat(userOf(pid("user"))).isEqualTo(docker.isPresent() ? "1234" : "1");
  }

  @Test
  void configIsWhatTheDriverIsTold() {
    assertThat(output("config")).contains("argv first of config second");
  }

  @Test
  void envIsInItsEnvironmentFilledIn() {
    assertThat(output("env")).contains("GREETING=hello from words");
    assertThat(output("driver")).noneMatch(line -> line.startsWith("GREETING"));
  }

  @Test
  void resourcesAreItsLimitsAndAreToldToIt() {
    assertThat(output("resources")).contains("NOMAD_CPU_LIMIT=300", "NOMAD_MEMORY_LIMIT=64");
    if (docker.isPresent()) {
      JsonNode host = docker.get().inspect(handle("resources")).path("HostConfig");
      assertThat(host.path("Memory").asLong()).isEqualTo(64 * MEGABYTE);
      assertThat(host.path("CpuShares").asLong()).isEqualTo(300);
    }
    boolean told = status().warnings().stream().anyMatch(warning -> warning.contains("memory"));
    if (!told) {
      assertThat(memoryLimit(pid("resources"))).isEqualTo(64 * MEGABYTE);
      assertThat(memoryLimit(pid("driver"))).isNotEqualTo(64 * MEGABYTE);
    }
  }

  @Test
  void metaIsInItsEnvironment() {
    assertThat(output("meta")).contains("NOMAD_META_colour=blue");
    assertThat(output("driver")).noneMatch(line -> line.startsWith("NOMAD_META_colour"));
  }

  @Test
  void logsSayHowMuchOfItsOutputIsKept() {
    await().atMost(SOON).until(() -> Files.exists(log("logs", proxy("logs"), "stdout", 1)));

    await()
        .atMost(SOON)
        .until(() -> Files.size(log("logs", proxy("logs"), "stdout", 0)) < MEGABYTE + 100_000);
    assertThat(log("logs", proxy("logs"), "stdout", 2)).doesNotExist();
    await()
        .atMost(SOON)
        .until(() -> lines(log("logs", proxy("logs"), "stderr", 0)).equals(List.of("trouble")));
  }

  @Test
  void killTimeoutIsHowLongItMayIgnoreTheSignal() {
    output("killtimeout");

    TaskEnd end = drain("killtimeout");

    assertThat(between(end.signalled(), end.killed())).isBetween(1_000L, 4_900L);
    assertThat(between(end.killed(), end.ended())).isLessThan(15_000);
    assertThat(end.exit()).matches("signal 9|exit code 137");
    await()
        .atMost(SOON)
        .until(() -> output("killtimeout").stream().anyMatch(line -> line.startsWith("got ")));
  }

  @Test
  void shutdownDelayIsHowLongTheSignalWaitsAfterTheRequest() {
    output("shutdowndelay");

    TaskEnd end = drain("shutdowndelay");

    assertThat(end.signalled().orElseThrow().toMillis()).isBetween(1_500L, 20_000L);
    assertThat(end.killed()).isEmpty();
    assertThat(end.exit()).isEqualTo("exit code 7");
    await()
        .atMost(SOON)
        .until(() -> output("shutdowndelay").contains(docker.isPresent() ? "got TERM" : "got INT"));
  }

  @Test
  void killSignalIsTheSignal() {
    output("killsignal");

    TaskEnd end = drain("killsignal");

    assertThat(end.exit()).isEqualTo("exit code 7");
    await().atMost(SOON).until(() -> output("killsignal").contains("got USR1"));
    assertThat(output("killsignal")).endsWith("got USR1").doesNotContain("got INT", "got TERM");
  }

  private static TaskEnd drain(String group) {
    try {
      DrainReceipt receipt =
          bridge
              .drain("words/" + group + "[0]", Optional.empty())
              .toCompletableFuture()
              .get(1, TimeUnit.MINUTES);
      assertThat(receipt.proven()).as(receipt.line()).isTrue();
      return receipt.receipt().tasks().get(0);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static long between(Optional<Duration> from, Optional<Duration> to) {
    return to.orElseThrow().minus(from.orElseThrow()).toMillis();
  }

  private static String proxy(String group) {
    return group.equals("name") ? "watchman" : "connect-proxy-s-" + group;
  }

  /** Returns what a task has written, once it is ready. */
  private static List<String> output(String group) {
    Path log = log(group, proxy(group), "stdout", 0);
    await().atMost(SOON).until(() -> Files.exists(log) && lines(log).contains("ready"));
    return lines(log);
  }

  private static Path log(String group, String task, String stream, int number) {
    return temp.resolve(docker.isPresent() ? "docker" : "raw_exec")
        .resolve("data/logs/words." + group + ".0/" + task + "." + stream + "." + number);
  }

  private static Status status() {
    return bridge.status().toCompletableFuture().join();
  }

  private static Status.Task task(String group) {
    return status().tasks().stream()
        .filter(task -> task.group().equals("words." + group + "[0]"))
        .findFirst()
        .orElseThrow();
  }

  /** A task may have written before its driver has said that it runs. */
  private static String handle(String group) {
    await().atMost(SOON).until(() -> !task(group).handle().isEmpty());
    return task(group).handle();
  }

  private static String pid(String group) {
    String handle = handle(group);
    return docker
        .map(engine -> engine.inspect(handle).path("State").path("Pid").asText())
        .orElse(handle);
  }

  private static List<String> environment(String pid) {
    return Stream.of(text(Path.of("/proc", pid, "environ")).split("\0", -1)).toList();
  }

  private static String userOf(String pid) {
    return text(Path.of("/proc", pid, "status")).replaceAll("(?s).*\nUid:\\s+(\\d+).*", "$1");
  }

  /** In version 1 a controller has a tree of its own, in version 2 there is one for all. */
  private static long memoryLimit(String pid) {
    for (String line : lines(Path.of("/proc", pid, "cgroup"))) {
      String[] parts = line.split(":", 3);
      Path root = Path.of("/sys/fs/cgroup");
      Path limit =
          parts[1].isEmpty()
              ? root.resolve(parts[2].substring(1)).resolve("memory.max")
              : root.resolve("memory" + parts[2]).resolve("memory.limit_in_bytes");
      if ((parts[1].isEmpty() || parts[1].equals("memory")) && Files.exists(limit)) {
        String most = text(limit).strip();
        return most.equals("max") ? Long.MAX_VALUE : Long.parseLong(most);
      }
    }
    return -1;
  }

  private static List<String> lines(Path file) {
    return text(file).lines().toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
