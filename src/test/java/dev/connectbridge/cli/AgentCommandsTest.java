package dev.connectbridge.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectbridge.host.OwnerLock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask an agent, with one that holds what the test says. */
@WireMockTest
class AgentCommandsTest {
  private static final String SPECS = "src/test/resources/cli";
  private static final String WEB = SPECS + "/web.nomad.hcl";
  private static final String GONE =
      """
      {"_connect-bridge-gone": {"ID": "_connect-bridge-gone", "Service": "gone", "Port": 7,
        "Address": "", "Tags": [], "EnableTagOverride": false,
        "Meta": {"external-source": "connect-bridge", "connect-bridge-owner": "default",
          "connect-bridge-group": "old.g[0]", "connect-bridge-source": "old.hcl",
          "connect-bridge-hash": "0", "connect-bridge-ports": "", "connect-bridge-schema": "1"}}}
      """;

  @TempDir private Path temp;
  private String agent;

  @BeforeEach
  void anEmptyAgent(WireMockRuntimeInfo server) {
    agent = server.getHttpBaseUrl();
    holds("{}");
    stubFor(get("/v1/agent/checks").willReturn(okJson("{}")));
    stubFor(
        get("/v1/agent/self")
            .willReturn(
                okJson(
                    """
                    {"Config": {"NodeName": "n1", "NodeID": "id", "Datacenter": "dc1",
                      "Version": "1.8.7"}, "Member": {"Addr": "10.99.0.1"},
                     "DebugConfig": {"ConnectSidecarMinPort": 21000,
                      "ConnectSidecarMaxPort": 21255}}
                    """)));
    stubFor(
        get(urlPathMatching("/v1/agent/service/.*"))
            .willReturn(aResponse().withStatus(404).withBody("unknown service ID: any")));
    stubFor(put(urlPathMatching("/v1/agent/.*")).willReturn(aResponse().withStatus(200)));
  }

  private static void holds(String services) {
    stubFor(get("/v1/agent/services").willReturn(okJson(services)));
  }

  private Typed typed(String... args) {
    return Typed.in(Map.of("CONSUL_HTTP_ADDR", agent), args);
  }

  private static List<String> writes() {
    return findAll(putRequestedFor(anyUrl())).stream().map(LoggedRequest::getUrl).toList();
  }

  @Test
  void planSaysWhatWouldChangeAndExitsWithTwo() {
    holds(GONE);

    Typed text = typed("plan", WEB);
    Typed json = typed("plan", "--format", "json", WEB);

    assertThat(text.exit()).isEqualTo(2);
    Golden.matches("plan.txt", text.out());
    assertThat(json.exit()).isEqualTo(2);
    Golden.matches("plan.json", json.out());
    assertThat(text.err()).containsOnlyOnce("warning: ").doesNotContain("error: ");
    assertThat(json.err()).isEmpty();
    assertThat(text.out() + json.out()).doesNotContain("c2VjcmV0");
    assertThat(writes()).isEmpty();
  }

  @Test
  void aSavedPlanIsAppliedWhileBothSidesAreAsTheyWere() throws IOException {
    String saved = temp.resolve("web.plan").toString();

    assertThat(typed("plan", "--out", saved, WEB).exit()).isEqualTo(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(saved))))
        .isEqualTo("rw-------");
    assertThat(Files.readString(Path.of(saved))).contains("\"changes\"").doesNotContain("c2VjcmV0");
    Typed applied = typed("sync", "--plan", saved, WEB);

    assertThat(applied.exit()).as(applied.err()).isZero();
    assertThat(writes()).hasSize(2);
  }

  @Test
  void aSavedPlanIsRefusedOnceTheAgentHoldsSomethingElse() throws IOException {
    String saved = temp.resolve("web.plan").toString();
    typed("plan", "--out", saved, WEB);
    holds(GONE);

    Typed refused = typed("sync", "--plan", saved, WEB);

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("the agent holds something else by now; plan again");
    assertThat(writes()).isEmpty();
  }

  @Test
  void aSavedPlanIsRefusedOnceTheSpecsWantSomethingElse() throws IOException {
    String saved = temp.resolve("web.plan").toString();
    typed("plan", "--out", saved, Files.createDirectory(temp.resolve("none")).toString());

    Typed refused = typed("sync", "--plan", saved, WEB);

    assertThat(refused.err()).contains("the specs want something else by now; plan again");
    assertThat(writes()).isEmpty();
  }

  @Test
  void aSavedPlanIsRefusedOnceMoreIsKnownOfWhatIsWanted() throws IOException {
    holds(GONE);
    Path specs = Files.createDirectory(temp.resolve("specs"));
    Path old = Files.writeString(specs.resolve("old.hcl"), "job {");
    String saved = temp.resolve("web.plan").toString();
    assertThat(typed("plan", "--out", saved, specs.toString()).out()).startsWith("No changes.");
    Files.delete(old);

    Typed refused = typed("sync", "--plan", saved, specs.toString());

    assertThat(refused.err()).contains("the specs want something else by now; plan again");
    assertThat(writes()).isEmpty();
  }

  @Test
  void whatIsNoPlanIsNotApplied() throws IOException {
    Path other = Files.writeString(temp.resolve("other"), "{}");

    assertThat(typed("sync", "--plan", other.toString(), WEB).err()).contains("is no plan");
    assertThat(typed("sync", "--plan", other + "x", WEB).err()).contains("no plan can be read");
    assertThat(writes()).isEmpty();
  }

  @Test
  void planOfNothingExitsWithZero() throws IOException {
    Typed typed = typed("plan", Files.createDirectory(temp.resolve("none")).toString());

    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).isEqualTo("No changes. The agent holds what the specs say.\n");
  }

  @Test
  void planWithAProblemExitsWithOne() {
    Typed text = typed("plan", SPECS + "/broken.nomad.hcl");
    JsonNode json = typed("plan", "--format", "json", SPECS + "/broken.nomad.hcl").json();

    assertThat(text.exit()).isEqualTo(1);
    assertThat(text.out()).isEqualTo("No changes. What has a problem is left as it is.\n");
    assertThat(text.err()).startsWith(SPECS + "/broken.nomad.hcl:5:5: error: ");
    assertThat(json.at("/problems/0/file").asText()).isEqualTo(SPECS + "/broken.nomad.hcl");
    assertThat(json.at("/problems/0/line").asInt()).isEqualTo(5);
  }

  @Test
  void planWithAConflictExitsWithOne() {
    String id = typed("plan", "--format", "json", WEB).json().at("/changes/0/id").asText();
    holds(
        """
        {"%1$s": {"ID": "%1$s", "Service": "theirs", "Port": 7, "Address": "", "Meta": {}}}
        """
            .formatted(id));

    Typed typed = typed("plan", "--format", "json", WEB);

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.json().at("/conflicts/0/id").asText()).isEqualTo(id);
    assertThat(typed.json().at("/conflicts/0/owner").isNull()).isTrue();
    assertThat(typed.json().at("/summary/add").asInt()).isEqualTo(1);
  }

  @Test
  void anAgentThatCannotBeReadIsAnError() {
    stubFor(get("/v1/agent/services").willReturn(aResponse().withStatus(403)));

    Typed plan = typed("plan", WEB);
    Typed sync = typed("sync", WEB);

    assertThat(plan.exit()).isEqualTo(1);
    assertThat(plan.out()).isEmpty();
    assertThat(plan.err()).startsWith("connect-bridge: ").contains("403");
    assertThat(sync.exit()).isEqualTo(1);
    assertThat(sync.out()).isEmpty();
    assertThat(sync.err()).startsWith("connect-bridge: ").contains("403");
  }

  @Test
  void anAddressThatIsNoneIsAnError() {
    Typed typed = Typed.in(Map.of("CONSUL_HTTP_ADDR", "ftp://x"), "plan", WEB);

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.err()).startsWith("connect-bridge: the agent's address is http://host:port");
  }

  @Test
  void syncDoesWhatItSays() {
    holds(GONE);

    Typed typed = typed("sync", WEB);

    assertThat(typed.exit()).isZero();
    Golden.matches("sync.txt", typed.out());
    assertThat(writes())
        .containsExactly(
            "/v1/agent/service/deregister/_connect-bridge-gone",
            "/v1/agent/service/register",
            "/v1/agent/service/register");
  }

  @Test
  void syncAsJson() {
    holds(GONE);
    stubFor(
        put(urlPathMatching("/v1/agent/service/register")).willReturn(aResponse().withStatus(403)));

    Typed typed = typed("sync", "--format", "json", WEB);

    assertThat(typed.exit()).isEqualTo(1);
    Golden.matches("sync.json", typed.out());
  }

  @Test
  void whatGoesIsPrintedBeforeItGoes() {
    holds(GONE);
    List<Integer> writesSoFar = new ArrayList<>();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int character) {
            writesSoFar.add(writes().size());
          }

          @Override
          public void write(byte[] text, int from, int length) {
            writesSoFar.add(writes().size());
          }
        };

    Main.run(
        new String[] {"sync", WEB},
        new PrintStream(out, true, StandardCharsets.UTF_8),
        System.err,
        Map.of("CONSUL_HTTP_ADDR", agent));

    assertThat(writesSoFar).startsWith(0).endsWith(3);
  }

  @Test
  void syncWithAProblemDoesTheRestAndExitsWithOne() throws IOException {
    Files.copy(Path.of(SPECS, "broken.nomad.hcl"), temp.resolve("a.hcl"));
    Files.copy(Path.of(SPECS, "elsewhere.nomad.hcl"), temp.resolve("b.hcl"));

    Typed typed = typed("sync", "--any-datacenter", temp.toString());

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out())
        .endsWith("Apply complete! Resources: 1 added, 0 changed, 0 destroyed.\n");
    assertThat(typed.err()).contains("a.hcl:5:5: error: ");
    assertThat(writes()).hasSize(1);
  }

  @Test
  void runRegistersUntilItIsToldToStopAndSyncWaitsForThat() throws Exception {
    Path config = configuration("on_exit: deregister");
    Daemon daemon = new Daemon("run", "--format", "json", "--config", config.toString(), WEB);

    Typed refused = typed("sync", "--config", config.toString(), WEB);
    Typed other = typed("sync", "--owner", "other", "--config", config.toString(), WEB);
    Typed ended = daemon.stop();

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).startsWith("connect-bridge: a daemon of owner \"default\" runs");
    assertThat(other.exit()).isZero();
    assertThat(ended.exit()).isZero();
    assertThat(ended.json().path("owner").asText()).isEqualTo("default");
    assertThat(ended.json().path("outcome").asText()).isEqualTo("deregistered");
    assertThat(typed("sync", "--config", config.toString(), WEB).exit()).isZero();
  }

  @Test
  void runCanBeToldToLeaveEverything() throws Exception {
    holds(GONE);
    Path config = configuration("on_exit: leave");
    Daemon daemon = new Daemon("run", "--format", "json", "--config", config.toString(), WEB);

    Typed ended = daemon.stop();

    assertThat(ended.exit()).isZero();
    assertThat(ended.json().path("outcome").asText()).isEqualTo("left");
  }

  @Test
  void whoWaitedForAnotherHasLeftEverything() throws Exception {
    Path config = configuration("on_exit: deregister");
    Daemon first = new Daemon("run", "--format", "json", "--config", config.toString(), WEB);
    Daemon second =
        new Daemon(
            "run",
            "--format",
            "json",
            "--config",
            config.toString(),
            "--data-dir",
            temp.resolve("second").toString(),
            WEB);

    Typed waited = second.stop();

    assertThat(waited.exit()).isZero();
    assertThat(waited.json().path("outcome").asText()).isEqualTo("left");
    assertThat(first.stop().json().path("outcome").asText()).isEqualTo("deregistered");
  }

  @Test
  void runNeedsADataDirectoryThatCanBeWritten() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));

    Typed typed = typed("run", "--data-dir", file.resolve("x").toString(), WEB);

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.err())
        .isEqualTo(
            "connect-bridge: the data directory %s/x cannot be written;".formatted(file)
                + " say another one with --data-dir or data_dir\n");
  }

  @Test
  void aRunningDaemonIsAskedOverItsSocket() throws Exception {
    Path config = configuration("on_exit: deregister");
    Daemon daemon = new Daemon("run", "--format", "json", "--config", config.toString(), WEB);
    awaitFile(temp.resolve("data/control.sock"));
    String data = temp.resolve("data").toString();

    Typed resumed = awaitDone("resume", "--data-dir", data, "web.front[0]");
    Typed status = typed("status", "--config", config.toString());
    Typed json = typed("status", "--format", "json", "--data-dir", data);
    Typed unknown = typed("drain", "--data-dir", data, "web/frond[0]");
    daemon.stop();
    Typed gone = typed("status", "--data-dir", data);

    assertThat(status.exit()).as(status.err()).isZero();
    assertThat(status.out()).contains("No drain is under way.").contains("Held back: nothing");
    assertThat(json.json().path("not_proven").isInt()).isTrue();
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.out()).isEmpty();
    assertThat(unknown.err()).contains("no group is called \"web/frond[0]\"; did you mean");
    assertThat(resumed.out()).isEqualTo("No changes. web.front[0] was not held back.\n");
    assertThat(gone.exit()).isEqualTo(1);
    assertThat(gone.err())
        .startsWith("connect-bridge: no daemon runs with the data directory " + data)
        .contains("--data-dir");
  }

  @Test
  void aSecondDaemonWithTheSameDataDirectoryIsRefused() throws Exception {
    Path config = configuration("on_exit: deregister");
    Daemon daemon = new Daemon("run", "--config", config.toString(), WEB);
    awaitFile(temp.resolve("data/lock"));

    Typed second = typed("run", "--owner", "other", "--config", config.toString(), WEB);
    daemon.stop();

    assertThat(second.exit()).isEqualTo(1);
    assertThat(second.err())
        .isEqualTo(
            "connect-bridge: the data directory %s/data is in use by another bridge; each needs its own\n"
                .formatted(temp));
  }

  @Test
  void theDoctorLooksAtEverything() throws Exception {
    Path config = configuration("default_sidecar_task: builtin");

    Typed typed = typed("doctor", "--config", config.toString(), WEB);
    Typed json = typed("doctor", "--format", "json", "--config", config.toString(), WEB);

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out())
        .contains("OK    data directory: ")
        .contains("OK    daemon: none runs")
        .contains("OK    agent: n1 answers")
        .contains("OK    version: Consul 1.8.7")
        .contains("WARN  connect: the agent does not tell")
        .contains("FAIL  command consul: not found on PATH")
        .contains("OK    writer: who has the lock in Consul is not told; none of this owner runs")
        .contains("connections: up to");
    assertThat(json.json().path("ok").asBoolean(true)).isFalse();
    assertThat(json.json().at("/checks/0/name").asText()).isEqualTo("data directory");
    assertThat(writes()).isEmpty();
  }

  @Test
  void theDoctorLooksForWhatTheWantedProxiesNeed() throws Exception {
    Path docker = configuration("docker: unix://%s/none.sock".formatted(temp));

    Typed containers = typed("doctor", "--config", docker.toString(), WEB);
    stubFor(
        get("/v1/agent/self")
            .willReturn(
                okJson(
                    """
                    {"Config": {"NodeName": "n1", "Version": "1.8.7"}, "DebugConfig": {
                      "ConnectEnabled": false, "GRPCPort": -1, "HTTPMaxConnsPerClient": 1}}
                    """)));
    Path envoy = configuration("default_sidecar_task: envoy\ndocker: unix:///none.sock");
    Typed processes = typed("doctor", "--config", envoy.toString(), WEB);

    assertThat(containers.exit()).isEqualTo(1);
    assertThat(containers.out()).contains("FAIL  docker: ").doesNotContain("command envoy");
    assertThat(processes.out())
        .contains("FAIL  connect: disabled")
        .contains("FAIL  grpc: the agent has no port")
        .contains("FAIL  command envoy: not found");
  }

  @Test
  void theDoctorSaysWhenNobodyIsThere() throws Exception {
    Path config = configuration("tasks: leave");
    stubFor(get("/v1/agent/self").willReturn(aResponse().withStatus(500)));

    Typed typed = typed("doctor", "--config", config.toString(), WEB);

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out()).contains("FAIL  agent: ").contains("WARN  specs: not looked at");
  }

  @Test
  void theDoctorSaysThatNoLockInConsulIsWanted() throws Exception {
    Path config = configuration("tasks: leave\nconsul: {session_lock: off}");

    assertThat(typed("doctor", "--config", config.toString(), WEB).out())
        .contains("OK    writer: session_lock is off: only the locks of files on this machine");
  }

  /** A daemon knows no group before its first pass. */
  private Typed awaitDone(String... line) {
    Instant latest = Instant.now().plusSeconds(20);
    Typed typed = typed(line);
    while (typed.exit() != 0) {
      assertThat(Instant.now()).as(typed.err()).isBefore(latest);
      typed = typed(line);
    }
    return typed;
  }

  private static void awaitFile(Path file) {
    Instant latest = Instant.now().plusSeconds(20);
    while (!Files.exists(file)) {
      assertThat(Instant.now()).as("time until there is " + file).isBefore(latest);
      Thread.onSpinWait();
    }
  }

  private Path configuration(String line) throws IOException {
    return Files.writeString(
        temp.resolve("bridge.yaml"),
        "data_dir: %1$s/data\nrun_dir: %1$s/run\n%2$s\n".formatted(temp, line));
  }

  /** A {@code run} in a thread of its own, that has got as far as it gets before it waits. */
  private final class Daemon {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final CompletableFuture<Runnable> stop = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit;

    Daemon(String... args) throws Exception {
      Terminal terminal =
          new Terminal(
              new PrintStream(out, true, StandardCharsets.UTF_8),
              System.err,
              Map.of("CONSUL_HTTP_ADDR", agent),
              stop::complete);
      exit = CompletableFuture.supplyAsync(() -> Main.run(args, terminal));
      stop.get(20, TimeUnit.SECONDS);
      Instant latest = Instant.now().plusSeconds(20);
      while (!OwnerLock.isHeld(Optional.of(temp.resolve("run")), "default", name())) {
        assertThat(Instant.now()).as("time until the lock is held").isBefore(latest);
        Thread.onSpinWait();
      }
    }

    private String name() {
      return agent.replace("http://", "").replace("localhost", "127.0.0.1");
    }

    Typed stop() throws Exception {
      stop.get().run();
      int code = exit.get(20, TimeUnit.SECONDS);
      return new Typed(code, out.toString(StandardCharsets.UTF_8), "");
    }
  }
}
