package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.DistDaemon;
import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two daemons with one owner at one real agent, each with directories of its own. */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class WriterIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EPOCH = "connect-bridge-epoch";
  private static final String SPEC =
      """
      job "w" {
        group "g" {
          network { mode = "bridge" }
          service {
            name = "w"
            port = "9001"
            tags = ["%s"]
            connect {
              sidecar_service {}
            }
          }
        }
      }
      """;

  @TempDir private Path temp;
  private final List<DistDaemon> daemons = new ArrayList<>();
  private RealConsul consul;

  @AfterEach
  void end() {
    daemons.forEach(DistDaemon::close);
    if (consul != null) {
      consul.close();
    }
  }

  private DistDaemon daemon(String name) {
    return daemon(name, "");
  }

  private DistDaemon daemon(String name, String yaml) {
    DistDaemon daemon = DistDaemon.in(temp.resolve(name), "tasks: leave\ndrain_floor: 1s\n" + yaml);
    daemons.add(daemon);
    wants(daemon, "one");
    return daemon;
  }

  private static void wants(DistDaemon daemon, String tag) {
    try {
      Files.writeString(daemon.specs().resolve("w.nomad.hcl"), SPEC.formatted(tag));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode json(String path) {
    try {
      return JSON.readTree(consul.get(path));
    } catch (JsonProcessingException e) {
      throw new AssertionError(path, e);
    }
  }

  private JsonNode key() {
    String node = json("/v1/agent/self").path("Config").path("NodeName").asText();
    return json("/v1/kv/connect-bridge/default/" + node + "/writer").path(0);
  }

  private String held() {
    return new String(Base64.getDecoder().decode(key().path("Value").asText("")), UTF_8);
  }

  /** Whoever lets go of the lock closes its session a moment later. */
  private void awaitSessions(int count) {
    await().atMost(SOON).until(() -> json("/v1/session/list").size() == count);
  }

  private JsonNode entry(String suffix) {
    for (JsonNode one : json("/v1/agent/services")) {
      if (one.path("Service").asText().equals("w" + suffix)) {
        return one;
      }
    }
    return JSON.missingNode();
  }

  private String epoch() {
    return entry("").path("Meta").path(EPOCH).asText();
  }

  private void awaitTag(String tag) {
    await().atMost(SOON).until(() -> entry("").path("Tags").toString().contains(tag));
  }

  @Test
  void theSecondWaitsAndTakesOverFromOneThatIsKilled() {
    consul = RealConsul.dev();
    DistDaemon first = daemon("first").start(consul.address());
    first.awaitLog("this bridge writes, epoch 1");
    awaitTag("one");
    DistDaemon second = daemon("second");
    wants(second, "two");
    second.start(consul.address());
    second.awaitLog("in standby: process ");
    assertThat(epoch()).isEqualTo("1");
    assertThat(entry("-sidecar-proxy").path("Meta").path(EPOCH).asText()).isEqualTo("1");

    first.kill();
    long killed = System.nanoTime();
    second.awaitLog("this bridge writes, epoch 2");
    long took = (System.nanoTime() - killed) / 1_000_000;
    System.out.println("writer: the second took over " + took + " ms after the first was killed");
    awaitTag("two");

    assertThat(took).isLessThan(10_000);
    assertThat(epoch()).isEqualTo("2");
    awaitSessions(1);
    second.terminate();
    assertThat(second.awaitEnd(SOON)).isZero();
    assertThat(entry("").isMissingNode()).isTrue();
    awaitSessions(0);
    assertThat(held()).contains("released true", "epoch 2");
  }

  @Test
  void atRestNothingIsWrittenForTheLockEither() throws IOException {
    consul = RealConsul.dev();
    try (CountingProxy proxy = CountingProxy.before(consul.httpPort())) {
      DistDaemon first = daemon("first", "resync: 1s\n").start(proxy.address());
      DistDaemon second = daemon("second");
      first.awaitLog("the agent holds what the specs say");
      second.start(proxy.address()).awaitLog("in standby: ");
      proxy.forget();

      await()
          .during(Duration.ofSeconds(2))
          .atMost(SOON)
          .until(
              () ->
                  proxy.requests().stream()
                      .allMatch(request -> Set.of("GET", "HEAD").contains(request.method())));
      assertThat(proxy.count("GET", "/v1/kv/")).as("blocked queries").isLessThan(6);
    }
  }

  @Test
  void theKilledOneTakesItsSessionUpAgainAndWritesNothingForIt() {
    consul = RealConsul.dev();
    DistDaemon first = daemon("first").start(consul.address());
    awaitTag("one");
    String session = key().path("Session").asText();
    int index = await().atMost(SOON).until(this::catalogIndex, known -> known > 0);

    first.kill();
    first.start(consul.address());
    first.awaitLog("this bridge writes, epoch 1");
    first.awaitLog("the agent holds what the specs say");

    assertThat(key().path("Session").asText()).isEqualTo(session);
    assertThat(key().path("LockIndex").asInt()).isEqualTo(1);
    awaitSessions(1);
    assertThat(catalogIndex()).isEqualTo(index);
  }

  private int catalogIndex() {
    return json("/v1/catalog/service/w").path(0).path("ModifyIndex").asInt();
  }

  @Test
  void oneThatWaitsEndsAtOnceAndOneThatEndsHandsOver() {
    consul = RealConsul.dev();
    DistDaemon first = daemon("first", "on_exit: leave\n").start(consul.address());
    awaitTag("one");
    DistDaemon second = daemon("second").start(consul.address());
    DistDaemon third = daemon("third").start(consul.address());
    second.awaitLog("in standby: ");
    third.awaitLog("in standby: ");

    third.terminate();
    assertThat(third.awaitEnd(Duration.ofSeconds(10))).isZero();
    assertThat(entry("").isMissingNode()).isFalse();
    first.terminate();
    second.awaitLog("this bridge writes, epoch 2");

    second.awaitLog("the agent holds what the specs say");
    assertThat(epoch()).as("a change of hands is no difference").isEqualTo("1");
    awaitSessions(1);
  }

  @Test
  void anAgentThatLosesAllGivesTheLockBackToWhoeverHadIt() {
    consul = RealConsul.dev();
    DistDaemon first = daemon("first").start(consul.address());
    awaitTag("one");
    DistDaemon second = daemon("second").start(consul.address());
    second.awaitLog("in standby: ");

    consul.kill();
    consul.restart();
    first.awaitLog("this bridge writes, epoch 2");
    awaitTag("one");

    assertThat(key().path("Session").asText()).isNotEmpty();
    assertThat(second.log()).doesNotContain("this bridge writes");
    awaitSessions(1);
  }

  @Test
  void anAgentThatKeepsItsDataKeepsTheLock() {
    consul = RealConsul.start(RealConsul.Options.persistentServer());
    DistDaemon first = daemon("first").start(consul.address());
    awaitTag("one");
    DistDaemon second = daemon("second").start(consul.address());
    second.awaitLog("in standby: ");
    String session = key().path("Session").asText();

    consul.kill();
    consul.restart();
    wants(first, "two");
    awaitTag("two");

    assertThat(key().path("Session").asText()).isEqualTo(session);
    assertThat(epoch()).isEqualTo("1");
    assertThat(first.log()).doesNotContain("ALARM");
    assertThat(second.log()).doesNotContain("this bridge writes");
  }

  @Test
  void aTokenWithoutTheRightsLeavesTheLocksOfFiles() throws IOException {
    String master = "11111111-2222-3333-4444-555555555555";
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(master));
    String rules =
        "service_prefix \"w\" { policy = \"write\" } node_prefix \"\" { policy = \"read\" }"
            + " agent_prefix \"\" { policy = \"read\" }";
    Path token = Files.writeString(temp.resolve("token"), consul.tokenFor(rules).secret());
    String yaml = "consul:\n  token_file: " + token + "\n";
    DistDaemon first = daemon("first", yaml).start(consul.address());

    first.awaitLog("this bridge writes, by the locks of files alone, but what another writer has");
    first.awaitLog("the token lacks session ");
    awaitTag("one");
    assertThat(first.log()).contains("key \"connect-bridge/default/");
    assertThat(entry("").path("Meta").has(EPOCH)).isFalse();
    awaitSessions(0);
    String more = " session_prefix \"\" { policy = \"write\" } key_prefix \"connect-bridge/\"";
    Files.writeString(token, consul.tokenFor(rules + more + " { policy = \"write\" }").secret());
    first.awaitLog("this bridge writes, epoch 1");
    awaitSessions(1);
  }

  @Test
  void oneThatWaitsAndLosesEveryRightMeanwhileGoesOnWhenTheOtherIsKilled() throws IOException {
    String master = "11111111-2222-3333-4444-555555555555";
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(master));
    String rules =
        "service_prefix \"\" { policy = \"write\" } node_prefix \"\" { policy = \"read\" }"
            + " agent_prefix \"\" { policy = \"read\" }";
    String more =
        " session_prefix \"\" { policy = \"write\" } key_prefix \"\" { policy = \"write\" }";
    Path token = Files.writeString(temp.resolve("token"), consul.tokenFor(rules + more).secret());
    Path its = Files.copy(token, temp.resolve("its-token"));
    DistDaemon first =
        daemon("first", "consul:\n  token_file: " + token + "\n").start(consul.address());
    awaitTag("one");
    DistDaemon second = daemon("second", "consul:\n  token_file: " + its + "\n");
    Files.writeString(
        second.specs().resolve("x.nomad.hcl"),
        """
        job "x" {
          group "x" {
            service { name = "wx" }
          }
        }
        """);
    second.start(consul.address()).awaitLog("in standby: ");

    Files.writeString(its, consul.tokenFor(rules).secret());
    first.kill();

    second.awaitLog("this bridge writes, by the locks of files alone, but what another writer has");
    second.awaitLog("which had the lock, has ended");
    await().atMost(SOON).until(() -> !entry("x").isMissingNode());
    assertThat(entry("").path("Meta").path(EPOCH).asText()).isEqualTo("1");
  }
}
