package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.testing.ConsulBinary;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.Produced;
import dev.connectbridge.testing.RealConsul;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as a process of its own, beside a real Consul. */
class CliIT {
  private static final Path COMMAND =
      Path.of(System.getProperty("dist", "target/dist"), "bin", "connect-bridge");
  private static final String COUNTDASH = "config/examples/countdash";
  private static final Duration SOON = Duration.ofSeconds(30);

  private static RealConsul consul;

  @TempDir private Path temp;
  private final List<Process> started = new ArrayList<>();
  private String config;

  @BeforeAll
  static void startConsul() {
    consul = RealConsul.dev();
  }

  @AfterAll
  static void endConsul() {
    if (consul != null) {
      consul.close();
    }
  }

  @BeforeEach
  void configure() throws IOException {
    config =
        Files.writeString(
                temp.resolve("bridge.yaml"),
                "data_dir: %1$s/data\nrun_dir: %1$s/run\n".formatted(temp))
            .toString();
  }

  @AfterEach
  void leaveNothingBehind() throws Exception {
    for (Process process : started) {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    Produced.byDaemon(temp, "");
    run("sync", "--config", config, Files.createDirectories(temp.resolve("none")).toString());
    assertThat(services()).isEmpty();
  }

  @Test
  void syncMakesItSoAndThenThereIsNothingToDo() {
    Typed planned = run("plan", "--config", config, COUNTDASH);

    assertThat(planned.exit()).as(planned.out() + planned.err()).isEqualTo(2);
    assertThat(services()).isEmpty();

    Typed first = run("sync", "--config", config, COUNTDASH);

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out())
        .endsWith("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.\n");
    assertThat(services()).hasSize(4);

    Typed second = run("sync", "--config", config, COUNTDASH);

    assertThat(second.exit()).isZero();
    assertThat(second.out()).isEqualTo("No changes. The agent holds what the specs say.\n");
    assertThat(run("plan", "--config", config, COUNTDASH).exit()).isZero();
  }

  @Test
  void runHoldsItUntilSigtermAndSyncKeepsOut() throws Exception {
    Process daemon = start("run", "--format", "json", "--config", config, COUNTDASH);
    await().atMost(SOON).until(() -> services().size() == 4);

    Typed sync = run("sync", "--config", config, COUNTDASH);

    assertThat(sync.exit()).isEqualTo(1);
    assertThat(sync.err()).contains("a daemon of owner \"default\" runs on this machine");

    daemon.destroy();

    assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(daemon.exitValue()).as(err()).isZero();
    assertThat(Files.readString(temp.resolve("out"))).contains("\"outcome\": \"deregistered\"");
    assertThat(services()).isEmpty();
  }

  @Test
  void aStopThatComesRightAfterTheStartIsAStopToo() throws Exception {
    Process daemon = start("run", "--config", config, COUNTDASH);
    await().atMost(SOON).until(() -> err().contains("started for owner"));

    signal("INT", daemon.pid());

    assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(daemon.exitValue()).as(err()).isZero();
    assertThat(services()).isEmpty();
  }

  @Test
  void aSecondSignalEndsItAtOnceAndTheJournalStays() throws Exception {
    Process daemon = start("run", "--config", config, COUNTDASH);
    await().atMost(SOON).until(() -> err().contains("the agent holds what the specs say"));
    signal("STOP", consul.process().pid());
    try {
      daemon.destroy();
      await().atMost(SOON).until(() -> err().contains("asked to stop"));
      assertThat(daemon.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();

      daemon.destroy();

      assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.exitValue()).isEqualTo(130);
    } finally {
      signal("CONT", consul.process().pid());
    }
    assertThat(temp.resolve("data/ports-default")).content().hasLineCount(2);
  }

  @Test
  void aDaemonThatIsKilledAndStartedAgainWritesNothingAndKeepsItsPorts() throws Exception {
    Process killed = start("run", "--config", config, COUNTDASH);
    await().atMost(SOON).until(() -> err().contains("the agent holds what the specs say"));
    JsonNode before = services();
    killed.destroyForcibly().waitFor();

    try (CountingProxy proxy = CountingProxy.before(consul.httpPort())) {
      Process again = startAt(proxy.address(), "run", "--config", config, COUNTDASH);
      await().atMost(SOON).until(() -> err().contains("the agent holds what the specs say"));

      assertThat(proxy.writes()).isEmpty();
      assertThat(services()).isEqualTo(before);
      again.destroyForcibly().waitFor();
    }
  }

  @Test
  void whenBridgeAndAgentAreLostAtOnceTheJournalKeepsThePorts() throws Exception {
    Process lost = start("run", "--config", config, COUNTDASH);
    await().atMost(SOON).until(() -> err().contains("the agent holds what the specs say"));
    JsonNode before = services();
    lost.destroyForcibly().waitFor();
    consul.kill();
    consul.restart();

    Process again = start("run", "--config", config, COUNTDASH);
    await().atMost(SOON).until(() -> services().size() == 4);

    before
        .properties()
        .forEach(
            entry ->
                assertThat(services().path(entry.getKey()).path("Port"))
                    .isEqualTo(entry.getValue().path("Port")));
    again.destroyForcibly().waitFor();
  }

  @Test
  void aRunningDaemonDrainsAGroupAndLetsItBack() throws Exception {
    Files.writeString(
        Path.of(config),
        "data_dir: %1$s/data\nrun_dir: %1$s/run\ndefault_sidecar_task: builtin\ndrain_floor: 20s\n"
            .formatted(temp));
    Process daemon = start("run", "--config", config, COUNTDASH);
    await().atMost(SOON).until(() -> services().size() == 4);
    await().atMost(SOON).until(() -> running().size() == 2);

    Typed drained = ask("drain", "--no-shutdown-delay", "--format", "json", "countdash/api[0]");

    assertThat(drained.exit()).as(drained.out() + drained.err()).isZero();
    assertThat(drained.json().path("verdict").asText()).isEqualTo("PROVEN");
    assertThat(drained.json().at("/tasks/0/exit").asText()).isNotEmpty();
    assertThat(services()).hasSize(2);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(ask("status").out())
                    .contains("Held back: countdash.api[0]\n")
                    .contains("Connections to the agent: 1 built-in proxy, up to 4 of 200\n"));
    assertThat(ask("status").exit()).isZero();
    assertThat(ask("drain", "countdash/apj[0]").err())
        .contains("did you mean \"countdash.api[0]\"");

    assertThat(ask("resume", "countdash.api[0]").out()).startsWith("Resume complete!");
    await().atMost(SOON).until(() -> services().size() == 4 && running().size() == 2);

    daemon.destroy();
    assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(daemon.exitValue()).isZero();
    assertThat(temp.resolve("data/control.sock")).doesNotExist();
    assertThat(ask("status").err()).contains("no daemon runs with the data directory");
  }

  @Test
  void theDoctorFindsARealAgentWell() {
    Typed typed = run("doctor", "--config", config, COUNTDASH);

    assertThat(typed.out())
        .contains("OK    connect: enabled")
        .contains("OK    version: Consul ")
        .contains("OK    connections: up to 0 of 200, by 0 built-in proxies");
  }

  private List<String> running() {
    List<String> handles = new ArrayList<>();
    for (JsonNode task : ask("status", "--format", "json").json().path("tasks")) {
      if (task.path("state").asText().equals("running")) {
        handles.add(task.path("handle").asText());
      }
    }
    return handles;
  }

  /** The daemon's own output stays where it is. */
  private Typed ask(String... line) {
    return Typed.of(
        Stream.concat(Stream.of(line), Stream.of("--config", config)).toArray(String[]::new));
  }

  private Process start(String... line) throws IOException {
    return startAt(consul.address(), line);
  }

  private Process startAt(String agent, String... line) throws IOException {
    List<String> command = new ArrayList<>(List.of(COMMAND.toString()));
    command.addAll(List.of(line));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(temp.resolve("out").toFile())
            .redirectError(temp.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("CONSUL_HTTP_"));
    builder.environment().put("CONSUL_HTTP_ADDR", agent);
    builder
        .environment()
        .merge(
            "PATH",
            ConsulBinary.get().toAbsolutePath().getParent().toString(),
            (path, consul) -> path + File.pathSeparator + consul);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Typed run(String... line) {
    try {
      Process process = start(line);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Typed(process.exitValue(), Files.readString(temp.resolve("out")), err()).kept();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String err() {
    try {
      return Files.readString(temp.resolve("err"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static JsonNode services() {
    try {
      return new ObjectMapper().readTree(consul.get("/v1/agent/services"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
