package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.exec.RawExecDriver;
import dev.connectbridge.http.Tls;
import dev.connectbridge.launch.Bootstrap;
import dev.connectbridge.launch.Launch;
import dev.connectbridge.launch.Launch.Place;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.sidecar.TaskDirs;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.supervise.Status;
import dev.connectbridge.testing.Proxied;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Envoy by the bridge's choice; the consul command is real, and Envoy a script in its place. */
class EnvoyIT {
  private static final String TOKEN = "11111111-2222-3333-4444-555555555555";
  private static final Proxied JOB =
      Proxied.of("shop", "cart", 9001).inTask("shutdown_delay = 0\nkill_timeout = \"1s\"");
  private static final String ARGS =
      "\nargs = [\"-c\", \"${NOMAD_SECRETS_DIR}/envoy_bootstrap.json\"]";

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path temp;
  private RealConsul consul;
  private Bridge bridge;

  @BeforeEach
  void startConsul() {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(TOKEN));
  }

  @AfterEach
  void stop() {
    if (bridge != null) {
      bridge.close();
    }
    if (consul != null) {
      consul.close();
    }
  }

  /** A script that says how it was started, and stays. */
  private Path envoy() throws IOException {
    Path script = temp.resolve("bin/envoy");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/bin/sh\necho \"$0 $*\"\nenv\nexec sleep 600\n", UTF_8);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private void start() throws IOException {
    Path specs = Files.createDirectories(temp.resolve("specs"));
    Files.writeString(
        specs.resolve("shop.nomad.hcl"),
        JOB.running("command = \"" + envoy() + "\"" + ARGS).hcl(),
        UTF_8);
    bridge =
        Bridge.builder()
            .consul(consul.address())
            .token(() -> Optional.of(TOKEN))
            .consulCommand(consul.binary().toString())
            .runDirectory(temp.resolve("run"))
            .dataDirectory(temp.resolve("data"))
            .drivers(List.of(new RawExecDriver(temp.resolve("data/exec"))))
            .source(new SpecPaths(List.of(specs)))
            .choices(Choices.NONE.with(SidecarTask.ENVOY))
            .node(Node.UNKNOWN)
            .build();
    bridge.start();
  }

  /** The bridge works there meanwhile: what was just listed may be gone. */
  private Path file(String name) {
    return await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> found(name), Optional::isPresent)
        .get();
  }

  private Optional<Path> found(String name) throws IOException {
    try (Stream<Path> files = Files.walk(temp.resolve("data"))) {
      return files.filter(file -> file.endsWith(name)).findFirst();
    }
  }

  private Optional<Status.Task> task() throws ExecutionException, InterruptedException {
    return bridge.status().toCompletableFuture().get().tasks().stream()
        .filter(one -> one.id().contains("connect-proxy-cart"))
        .findFirst();
  }

  @Test
  void envoyIsStartedWithAFileThatHoldsTheTokenAndNothingElseDoes() throws Exception {
    start();
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(IllegalStateException.class) // it does not work yet
        .until(() -> task().filter(one -> one.state() == Status.State.RUNNING).isPresent());

    Path file = file(Bootstrap.FILE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    JsonNode bootstrap = new ObjectMapper().readTree(file.toFile());
    assertThat(bootstrap.path("node").path("id").asText()).endsWith("-sidecar-proxy");
    assertThat(bootstrap.path("admin").path("address").findValue("address").asText())
        .startsWith("127.1.");
    assertThat(bootstrap.path("dynamic_resources").toString()).contains(TOKEN);

    try (Stream<Path> secrets = Files.list(file.getParent())) {
      assertThat(secrets).containsExactly(file);
    }

    Path log = file("connect-proxy-cart.stdout.0");
    await().atMost(SOON).until(() -> Files.readString(log).contains("PATH="));
    assertThat(Files.readString(log))
        .startsWith(temp.resolve("bin/envoy") + " -c " + file + "\n")
        .doesNotContain(TOKEN);
    long pid = Long.parseLong(task().orElseThrow().handle());
    assertThat(Files.readString(Path.of("/proc/" + pid + "/cmdline"))).doesNotContain(TOKEN);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(bridge.readiness("shop/api[0]", true).toCompletableFuture().get())
                    .asString()
                    .startsWith("WAITING: cart: Connect Sidecar Listening is"));
  }

  @Test
  void aProxyThatTheAgentDoesNotKnowYetIsTriedUntilItDoesAndTheTokenIsNotSaid() throws IOException {
    TaskDirs dirs =
        new TaskDirs(temp, temp, Files.createDirectories(temp.resolve("secrets")), temp);
    ConsulAccess access =
        new ConsulAccess(
            consul.address(), () -> Optional.of(TOKEN), Tls.DEFAULT, consul.binary().toString());

    Throwable error =
        catchThrowable(
            () -> access.bootstrap(launch(), new Place("", "", "", new TreeMap<>()), dirs));

    assertThat(error)
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("unknown service ID: nobody")
        .hasMessageNotContaining(TOKEN);
    assertThat(((TaskException) error).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(dirs.secrets().resolve(Bootstrap.FILE)).doesNotExist();
  }

  private static Launch launch() {
    TaskSpec task =
        new TaskSpec(
            "proxy",
            "connect-proxy:nobody",
            "raw_exec",
            "",
            Map.of(),
            Map.of(),
            Resources.of(250, 128),
            Map.of(),
            Logs.of(2, 2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            "",
            Origin.of("shop.nomad.hcl"));
    return new Launch(
        "alloc",
        "shop.api[0]",
        "nobody",
        "nobody",
        task,
        new TreeMap<>(),
        new Launch.Admin("NOMAD_ENVOY_ADMIN_ADDR_nobody", "127.0.0.1:19000"),
        false,
        Optional.of(new Bootstrap("nobody", "", "127.0.0.1:19000")),
        new TreeSet<>(),
        List.of());
  }
}
