package dev.connectbridge.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskDriver.Ran;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.testing.RealDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each word of a task does to a real container. */
class DockerDriverIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String FOREVER = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

  private static RealDocker docker;
  private static String image;
  private static String stopsByUsr1;

  @TempDir private Path directory;
  private DockerDriver driver;

  @BeforeAll
  static void images() {
    docker = RealDocker.get();
    image = docker.image("1", "ENV PATH=/bin");
    stopsByUsr1 = docker.imageOf(image, "usr1", "SIGUSR1", "proxy");
  }

  @AfterAll
  static void removeImages() {
    if (docker != null) {
      docker.close();
    }
  }

  @BeforeEach
  void connect() {
    driver = DockerDriver.at(docker.address());
  }

  @AfterEach
  void removeContainers() {
    driver.close();
    docker.removeContainers(Labels.OWNER);
  }

  @Test
  void nameAndDriverAreSeenInTheEngine() throws Exception {
    TaskOrder order = order("echo hello; " + FOREVER).make();

    TaskState state = driver.start(order);

    JsonNode seen = docker.inspect(state.handle());
    assertThat(state.isRunning()).isTrue();
    assertThat(seen.path("Name").asText()).isEqualTo("/connect-bridge-alloc-1.connect-proxy-api");
    JsonNode labels = seen.at("/Config/Labels");
    assertThat(labels.path("connect-bridge.owner").asText()).isEqualTo(Orders.OWNER);
    assertThat(labels.path("connect-bridge.task").asText()).isEqualTo("alloc-1.connect-proxy-api");
    assertThat(labels.path("connect-bridge.group").asText()).isEqualTo("job.group[0]");
    assertThat(labels.path("connect-bridge.hash").asText()).isEqualTo("hash-1");
    assertThat(labels.path("connect-bridge.schema").asText()).isEqualTo("1");
    assertThat(seen.at("/HostConfig/NetworkMode").asText()).isEqualTo("host");
    assertThat(seen.at("/HostConfig/RestartPolicy/Name").asText()).isEqualTo("no");
    await().atMost(SOON).untilAsserted(() -> assertThat(stdout()).isEqualTo("hello\n"));
    assertThat(driver.start(order).handle()).isEqualTo(state.handle());
  }

  @Test
  void theUserIsTheAuthorsElseTheImages() throws Exception {
    run(order("id -u").user("1000:1000"));
    assertThat(stdout()).isEqualTo("1000\n");

    run(order("id -un").with("image", stopsByUsr1));
    assertThat(stdout()).isEqualTo("1000\nproxy\n");
  }

  @Test
  void theConfigIsWhatTheContainerIsMadeOf() throws Exception {
    Orders order = order("");
    Files.writeString(directory.resolve("local/motd"), "from the host\n");
    TaskState state =
        run(
            order
                .with("entrypoint", List.of("/bin/sh", "-c"))
                .with("command", "cat /etc/motd; echo \"$@\"; touch /x || echo read-only")
                .with("args", List.of("zero", "one", "two"))
                .with("volumes", List.of("local/motd:/etc/motd:ro"))
                .with("network_mode", "none")
                .with("readonly_rootfs", "true")
                .with("cap_drop", List.of("ALL"))
                .with("ulimit", Orders.map("nofile", "512:1024"))
                .with("labels", Orders.map("team", "a")));

    assertThat(stdout()).startsWith("from the host\none two\n").contains("read-only");
    JsonNode seen = docker.inspect(state.handle());
    assertThat(seen.at("/HostConfig/NetworkMode").asText()).isEqualTo("none");
    assertThat(seen.at("/HostConfig/CapDrop/0").asText()).isEqualTo("ALL");
    assertThat(seen.at("/HostConfig/Ulimits/0/Soft").asInt()).isEqualTo(512);
    assertThat(seen.at("/Config/Labels/team").asText()).isEqualTo("a");
  }

  @Test
  void anOptionThatNobodyKnowsStartsNothing() {
    TaskOrder order = order("true").with("netwrok_mode", "host").make();

    assertThat(driver.refusals(order)).singleElement().asString().contains("network_mode");
    assertThatThrownBy(() -> driver.start(order)).satisfies(e -> assertKind(e, Kind.REFUSED));
    assertThat(docker.containers(Labels.OWNER)).isEmpty();
  }

  /** Meta reaches a task by its environment alone. */
  @Test
  void theEnvironmentIsTheOrdersOnTopOfTheImages() throws Exception {
    run(
        order("env")
            .env("FOO", "a b=c")
            .env("EMPTY", "")
            .env("NOMAD_META_color", "blue")
            .env("NOMAD_ADDR_api", "127.0.0.1:9001"));

    assertThat(stdout().lines().filter(line -> !line.matches("(HOSTNAME|HOME|PWD|SHLVL|PATH)=.*")))
        .containsExactlyInAnyOrder(
            "FOO=a b=c", "EMPTY=", "NOMAD_META_color=blue", "NOMAD_ADDR_api=127.0.0.1:9001");
  }

  @Test
  void theDirectoriesAreWhereItIsTold() throws Exception {
    TaskOrder order = order("cat /secrets/token; echo a > /alloc/a; echo b > /local/b").make();
    Files.writeString(directory.resolve("secrets/token"), "s3cret");

    run(order);

    assertThat(driver.seenBy(order.dirs()).secrets()).isEqualTo(Path.of("/secrets"));
    assertThat(stdout()).isEqualTo("s3cret");
    assertThat(directory.resolve("alloc/a")).hasContent("a");
    assertThat(directory.resolve("local/b")).hasContent("b");
  }

  @Test
  void resourcesAreLimits() throws Exception {
    TaskState state =
        run(
            order(
                    "cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes")
                .resources(
                    new Resources(
                        OptionalInt.of(250),
                        OptionalInt.empty(),
                        OptionalInt.of(16),
                        OptionalInt.of(24))));

    assertThat(stdout()).isEqualTo((24 << 20) + "\n");
    JsonNode host = docker.inspect(state.handle()).path("HostConfig");
    assertThat(host.path("CpuShares").asInt()).isEqualTo(250);
    assertThat(host.path("MemoryReservation").asInt()).isEqualTo(16 << 20);
  }

  @Test
  void aTaskThatTakesTooMuchMemoryIsSeenToDieOfIt() throws Exception {
    TaskState state = run(order("tail /dev/zero").resources(Resources.of(100, 8)));

    assertThat(state.exit().orElseThrow().outOfMemory()).isTrue();
    assertThat(state.exit().orElseThrow().toString()).contains("out of memory");
  }

  @Test
  void wholeCoresAreAShareAndAWarning() throws Exception {
    TaskOrder order =
        order("true")
            .resources(
                new Resources(
                    OptionalInt.empty(),
                    OptionalInt.of(2),
                    OptionalInt.empty(),
                    OptionalInt.empty()))
            .make();

    assertThat(driver.warnings(order)).anyMatch(warning -> warning.contains("cores"));
    assertThat(driver.warnings(order("true").make())).isEmpty();
    assertThat(docker.inspect(run(order).handle()).at("/HostConfig/CpuShares").asInt())
        .isEqualTo(2048);
  }

  @Test
  void theOutputIsKeptInFilesOfASize() throws Exception {
    run(order("echo oops >&2; seq 1 200000; printf %s end").logs(Logs.of(2, 1)));

    Path newest = log("stdout.0");
    assertThat(log("stderr.0")).hasContent("oops");
    assertThat(Files.size(newest)).isBetween(1L, 1L << 20);
    assertThat(Files.size(log("stdout.1"))).isBetween((1L << 20) - 100, 1L << 20);
    assertThat(log("stdout.2")).doesNotExist();
    String kept = Files.readString(log("stdout.1")) + Files.readString(newest);
    List<String> lines = kept.lines().toList();
    assertThat(lines.get(lines.size() - 1)).isEqualTo("end");
    int first = Integer.parseInt(lines.get(1));
    assertThat(lines.subList(1, lines.size() - 1))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(first, 200000).mapToObj(String::valueOf).toList());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(newest)))
        .isEqualTo("rw-------");
  }

  @Test
  void outputThatNobodyWantsIsNotKept() throws Exception {
    TaskState state =
        run(order("echo secret").logs(new Logs(OptionalInt.empty(), OptionalInt.empty(), true)));

    assertThat(docker.inspect(state.handle()).at("/HostConfig/LogConfig/Type").asText())
        .isEqualTo("none");
    try (var files = Files.list(directory.resolve("logs"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void anAdoptedTasksOutputGoesOnWhereItStopped() throws Exception {
    TaskOrder order =
        order(
                "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo $i; echo e$i >&2; "
                    + "[ $((i % 100)) = 0 ] && sleep 0.05; done")
            .make();
    driver.start(order);
    for (int i = 0; i < 5; i++) {
      long before = stdout().length();
      await().atMost(SOON).until(() -> stdout().length() > before || !isRunning());
      driver.close();
      driver = DockerDriver.at(docker.address());
      driver.observe(Orders.OWNER);
    }
    awaitExit();
    driver.forget(order.id());

    List<String> numbers = IntStream.rangeClosed(1, 2000).mapToObj(String::valueOf).toList();
    assertThat(stdout().lines()).containsExactlyElementsOf(numbers);
    assertThat(Files.readString(log("stderr.0")).lines())
        .containsExactlyElementsOf(numbers.stream().map(number -> "e" + number).toList());
  }

  @ParameterizedTest
  @CsvSource({"SIGINT, INT", "SIGHUP, HUP", "USR2, USR2"})
  void theTaskHearsTheSignalOfItsAuthor(String signal, String heard) throws Exception {
    TaskOrder order = order(trap("INT HUP USR1 USR2 TERM")).killSignal(signal).make();
    driver.start(order);
    awaitReady();

    driver.signal(order.id(), signal);

    assertThat(awaitExit()).isEqualTo(Exit.code(7));
    driver.forget(order.id());
    assertThat(stdout()).isEqualTo("ready\nheard " + heard + "\n");
  }

  @Test
  void withoutASignalItIsTheImagesElseTerm() throws Exception {
    for (String from : List.of(stopsByUsr1, image)) {
      TaskOrder order = order(trap("INT HUP USR1 TERM")).with("image", from).make();
      Files.deleteIfExists(log("stdout.0"));
      driver.start(order);
      awaitReady();

      driver.signal(order.id(), "");

      assertThat(awaitExit()).isEqualTo(Exit.code(7));
      driver.forget(order.id());
      assertThat(stdout()).endsWith(from.equals(image) ? "heard TERM\n" : "heard USR1\n");
    }
  }

  @Test
  void aTaskThatHearsNothingIsKilled() throws Exception {
    TaskOrder order = order("trap '' TERM INT; echo ready; while :; do sleep 1; done").make();
    driver.start(order);
    awaitReady();
    driver.signal(order.id(), "SIGTERM");
    assertThat(isRunning()).isTrue();

    driver.kill(order.id());

    assertThat(awaitExit()).isEqualTo(Exit.signal(9));
    driver.kill(order.id());
    driver.signal(order.id(), "");
    driver.forget(order.id());
    driver.forget(order.id());
    driver.signal(order.id(), "SIGTERM");
    assertThat(driver.observe(Orders.OWNER)).isEmpty();
    assertThat(docker.containers(Labels.OWNER)).isEmpty();
  }

  @Test
  void aSignalThatThereIsNotIsRefused() throws Exception {
    TaskOrder order = order(FOREVER).make();
    driver.start(order);

    assertThatThrownBy(() -> driver.signal(order.id(), "SIGNONE"))
        .satisfies(e -> assertKind(e, Kind.REFUSED));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "125", "255"})
  void exitCodesAreReported(int code) throws Exception {
    assertThat(run(order("exit " + code)).exit()).contains(Exit.code(code));
  }

  @Test
  void theNextDriverFindsWhatRuns() throws Exception {
    TaskOrder order = order(trap("TERM")).make();
    TaskState started = driver.start(order);
    driver.onExit(() -> {});
    awaitReady();
    assertTimeout(Duration.ofSeconds(3), driver::close);

    driver = DockerDriver.at(docker.address());

    assertThat(driver.observe("somebody else")).isEmpty();
    assertThat(driver.observe(Orders.OWNER)).containsExactly(started);
    driver.signal(order.id(), "SIGTERM");
    assertThat(awaitExit()).isEqualTo(Exit.code(7));
    driver.forget(order.id());
    assertThat(stdout()).isEqualTo("ready\nheard TERM\n");
  }

  @Test
  void onlyTheOwnersTasksAreTouched() throws Exception {
    TaskOrder order = order(FOREVER).make();
    driver.start(order);
    try (DockerDriver stranger = DockerDriver.at(docker.address())) {
      stranger.observe("somebody else");
      stranger.kill(order.id());

      assertThatThrownBy(() -> stranger.start(order(FOREVER).owner("somebody else").make()))
          .satisfies(e -> assertKind(e, Kind.REFUSED));
    }
    assertThat(isRunning()).isTrue();
  }

  @Test
  void aContainerThatWasMadeAndNotStartedIsFoundAndReplaced() throws Exception {
    TaskOrder order = order(FOREVER).make();
    Creation creation = Creation.of(order);
    docker.create(creation.name(), creation.body());

    TaskState found = driver.observe(Orders.OWNER).get(0);
    TaskState started = driver.start(order);

    assertThat(found.exit()).contains(Exit.UNKNOWN);
    assertThat(started.isRunning()).isTrue();
    assertThat(docker.containers(Labels.OWNER)).containsExactly(started.handle());
  }

  @Test
  void oneThatHasEndedIsReplaced() throws Exception {
    TaskState first = run(order("echo one"));

    TaskState second = run(order("echo two").hash("hash-2"));

    assertThat(second.handle()).isNotEqualTo(first.handle());
    assertThat(second.hash()).isEqualTo("hash-2");
    assertThat(stdout()).isEqualTo("one\ntwo\n");
  }

  @Test
  void whatCannotBeStartedLeavesNothing() {
    TaskOrder order = order("").with("command", "/bin/nothing").env("TOKEN", "hunter22").make();

    assertThatThrownBy(() -> driver.start(order))
        .satisfies(e -> assertKind(e, Kind.REFUSED))
        .hasMessageContaining("/bin/nothing")
        .hasMessageNotContaining("hunter22");
    assertThat(docker.containers(Labels.OWNER)).isEmpty();
  }

  @Test
  void anImageThatIsNowhereIsSaidSo() {
    TaskOrder order = order("").with("image", "127.0.0.1:1/nothing:9").make();

    assertThatThrownBy(() -> driver.start(order))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("the image 127.0.0.1:1/nothing:9 cannot be pulled");
  }

  @Test
  void aCommandRunsWhereTheTaskRuns() throws Exception {
    TaskOrder order = order(FOREVER).env("FOO", "bar").user("1000").make();
    driver.start(order);

    Ran ran =
        driver.run(order.id(), List.of("/bin/sh", "-c", "echo $FOO; id -u >&2; exit 3"), SOON);

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.output().lines()).containsExactlyInAnyOrder("bar", "1000");
  }

  @Test
  void aCommandThatTakesTooLongIsEnded() throws Exception {
    TaskOrder order = order(FOREVER).make();
    driver.start(order);

    Ran ran =
        driver.run(
            order.id(), List.of("/bin/sh", "-c", "echo begun; sleep 4321"), Duration.ofMillis(500));

    assertThat(ran).isEqualTo(new Ran(-1, "begun\n"));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(processes()).noneMatch(line -> line.contains("4321")));
    assertThat(isRunning()).isTrue();
  }

  @Test
  void theFirst4KilobytesOfACommandAreKept() throws Exception {
    TaskOrder order = order(FOREVER).make();
    driver.start(order);

    Ran ran = driver.run(order.id(), List.of("/bin/seq", "1", "100000"), SOON);

    assertThat(ran.code()).isZero();
    assertThat(ran.output()).hasSize(4096).startsWith("1\n2\n");
    driver.kill(order.id());
    awaitExit();
    assertThatThrownBy(() -> driver.run(order.id(), List.of("/bin/echo"), SOON))
        .isInstanceOf(TaskException.class);
  }

  @Test
  void anEndIsHeardOf() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    driver.onExit(heard::incrementAndGet);
    await().atMost(SOON).until(() -> heard.get() == 1);
    TaskOrder order = order(FOREVER).make();
    driver.start(order);

    driver.kill(order.id());

    await().atMost(SOON).until(() -> heard.get() == 2);
  }

  private Orders order(String script) {
    return Orders.in(directory).with("image", image).script(script);
  }

  /** A shell hears of a signal when its child has ended. */
  private static String trap(String signals) {
    StringBuilder script = new StringBuilder();
    for (String signal : signals.split(" ", -1)) {
      script.append("trap 'echo heard ").append(signal).append("; exit 7' ").append(signal);
      script.append("; ");
    }
    return script + "echo ready; while :; do sleep 0.1; done";
  }

  private TaskState run(Orders orders) throws TaskException {
    return run(orders.make());
  }

  /** Starts a task, waits for its end, and returns how it ended; its output is read. */
  private TaskState run(TaskOrder order) throws TaskException {
    driver.start(order);
    awaitExit();
    TaskState state = driver.observe(Orders.OWNER).get(0);
    String container = state.handle();
    await().atMost(SOON).until(() -> driver.isRead(container));
    return state;
  }

  private boolean isRunning() throws TaskException {
    return driver.observe(Orders.OWNER).get(0).isRunning();
  }

  private Exit awaitExit() throws TaskException {
    await().atMost(SOON).until(() -> !isRunning());
    return driver.observe(Orders.OWNER).get(0).exit().orElseThrow();
  }

  private void awaitReady() {
    await().atMost(SOON).until(() -> stdout().endsWith("ready\n"));
  }

  private Path log(String end) {
    return directory.resolve("logs/connect-proxy-api." + end);
  }

  private String stdout() throws IOException {
    Path file = log("stdout.0");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static List<String> processes() {
    List<String> lines = new ArrayList<>();
    ProcessHandle.allProcesses()
        .forEach(process -> lines.add(process.info().commandLine().orElse("")));
    return lines;
  }

  private static void assertKind(Throwable e, Kind kind) {
    assertThat(e)
        .isInstanceOfSatisfying(
            TaskException.class, thrown -> assertThat(thrown.kind()).isEqualTo(kind));
  }
}
