package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.control.ControlClient;
import dev.connectbridge.control.ControlException;
import dev.connectbridge.control.Request;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.DistDaemon;
import dev.connectbridge.testing.Proxied;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealConsul.AclToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon's token is revoked while a drain is under way, and for a while there is no other. */
@Timeout(120)
class LostTokenIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long BOTH_DELAYS = 3_000;
  private static final String MASTER = "3d0c9a1e-1111-4222-8333-444444444444";
  private static final String RULES =
      """
      service_prefix "" { policy = "write" }
      node_prefix "" { policy = "read" }
      agent_prefix "" { policy = "read" }
      session_prefix "" { policy = "write" }
      key_prefix "connect-bridge/" { policy = "write" }
      """;

  @TempDir private Path temp;
  private RealConsul consul;
  private CountingProxy proxy;
  private DistDaemon daemon;
  private AclToken only;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
    proxy = CountingProxy.before(consul.httpPort());
    only = consul.tokenFor(RULES);
    file = Files.writeString(temp.resolve("token"), only.secret() + "\n");
    daemon =
        DistDaemon.in(
            temp.resolve("home"),
            "drain_floor: 1s\nresync: 1s\nconsul:\n  token_file: " + file + "\n");
    for (String name : List.of("web", "api", "cart")) {
      job(name, "old");
    }
    daemon.start(proxy.address());
    for (String name : List.of("web", "api", "cart")) {
      await().atMost(SOON).until(() -> catalog(name + "-sidecar-proxy").contains("\"old\""));
    }
    await().atMost(SOON).until(() -> daemon.tasks().size() == 3);
  }

  @AfterEach
  void end() {
    daemon.close();
    proxy.close();
    consul.close();
  }

  @Test
  void theDrainEndsUnprovenNothingIsRemovedAndTheNextTokenFinishesAll() throws Exception {
    revokedWhileItDrains();

    JsonNode receipt = receipt();
    assertThat(receipt.path("verdict").asText()).as(receipt.toString()).isEqualTo("NOT_PROVEN");
    assertThat(receipt.path("reason").asText()).contains("403 ACL not found");
    assertThat(receipt.path("deregistered_at_agent_ms").isNull()).isTrue();
    JsonNode task = receipt.path("tasks").get(0);
    assertThat(task.path("signal_ms").asLong()).isBetween(BOTH_DELAYS, BOTH_DELAYS + 10_000);
    assertThat(task.path("exit").asText()).isEqualTo("signal 2");
    everyEntryIsToldAsForbidden();
    nothingIsTriedInALoop();
    assertThat(held()).containsOnlyKeys("web", "api", "cart").containsEntry("api", "old");
    assertThat(daemon.tasks()).hasSize(2);

    anotherTokenComes();

    await().atMost(SOON).until(() -> catalog("api-sidecar-proxy").contains("\"new\""));
    await().atMost(SOON).until(() -> !consul.get("/v1/catalog/services").contains("web"));
    assertThat(held()).containsOnlyKeys("api", "cart").containsEntry("api", "new");
    await().atMost(SOON).until(() -> status().path("drains").isEmpty());
    assertThat(status().path("ghosts")).isEmpty();
    everyEntryIs("true");
    assertThat(daemon.log()).doesNotContain("ALARM", only.secret());
  }

  @Test
  void whatSomebodyClearsByHandMeanwhileIsToldAsAGhost() throws Exception {
    revokedWhileItDrains();
    receipt();

    List<String> ids = ids("web");
    String service = Collections.min(ids); // its sidecar goes with it
    consul.put("/v1/agent/service/deregister/" + service, "");
    // Consul removes it from the catalog with the token that it was registered with.
    assertThat(consul.get("/v1/catalog/services")).contains("web-sidecar-proxy");
    anotherTokenComes();

    await().atMost(SOON).until(() -> catalog("api-sidecar-proxy").contains("\"new\""));
    await() // an ID that is in the catalog alone is told once it has been so for half a minute
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(status().path("ghosts").findValuesAsText("id"))
                    .containsExactlyInAnyOrderElementsOf(ids));
    daemon.awaitLog(ids.get(0) + " of web.api[0] is in the catalog although");
  }

  /** The drain has begun and has not come to anything yet; what is to be written comes after. */
  private void revokedWhileItDrains() throws IOException {
    String deregistering = "/v1/agent/service/deregister/";
    proxy.pretend(deregistering);
    Files.delete(spec("web"));
    await().atMost(SOON).until(() -> proxy.count("PUT", deregistering) > 0);
    consul.revoke(only);
    proxy.beHonest();
    job("api", "new");
  }

  /** Returns the only one. */
  private JsonNode receipt() throws IOException {
    Path book = daemon.data().resolve("receipts.jsonl");
    await().atMost(SOON).until(() -> Files.exists(book) && Files.size(book) > 0);
    assertThat(Files.readAllLines(book)).hasSize(1);
    return new ObjectMapper().readTree(Files.readString(book));
  }

  private void everyEntryIsToldAsForbidden() {
    everyEntryIs("unknown");
    for (JsonNode condition : registered()) {
      assertThat(condition.path("last_error").asText()).contains("403 ACL not found");
    }
  }

  private void everyEntryIs(String truth) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(registered())
                    .isNotEmpty()
                    .extracting(condition -> condition.path("status").asText())
                    .containsOnly(truth));
  }

  private List<JsonNode> registered() {
    List<JsonNode> conditions = new ArrayList<>();
    for (JsonNode entry : status().path("entries")) {
      for (JsonNode condition : entry.path("conditions")) {
        if (condition.path("type").asText().endsWith("Registered")) {
          conditions.add(condition);
        }
      }
    }
    return conditions;
  }

  /** It passes once a second, and looks at two proxies as often. */
  private void nothingIsTriedInALoop() {
    proxy.forget();
    await()
        .during(Duration.ofSeconds(5))
        .atMost(SOON)
        .until(() -> proxy.requests().stream().noneMatch(CountingProxy.Request::isWrite));
    System.out.println("with a dead token: " + proxy.requests().size() + " requests in 5 s");
    assertThat(proxy.requests()).hasSizeLessThan(100);
  }

  /** Returns the tag of each service that the agent holds with its sidecar. */
  private Map<String, String> held() throws IOException {
    Map<String, String> tags = new TreeMap<>();
    JsonNode all = new ObjectMapper().readTree(consul.get("/v1/agent/services"));
    for (JsonNode entry : all) {
      if (all.has(entry.path("ID").asText() + "-sidecar-proxy")) {
        tags.put(entry.path("Service").asText(), entry.path("Tags").path(0).asText());
      }
    }
    return tags;
  }

  private List<String> ids(String service) throws IOException {
    JsonNode all = new ObjectMapper().readTree(consul.get("/v1/agent/services"));
    List<String> ids = new ArrayList<>();
    all.fieldNames().forEachRemaining(ids::add);
    ids.removeIf(id -> !id.contains("." + service + "."));
    return ids;
  }

  private void anotherTokenComes() throws IOException {
    Files.writeString(file, consul.tokenFor(RULES).secret() + "\n");
  }

  private JsonNode status() {
    try {
      return ControlClient.of(daemon.data())
          .ask(new Request.Status(), Optional.of(Duration.ofSeconds(5)));
    } catch (ControlException e) {
      throw new IllegalStateException(e);
    }
  }

  private String catalog(String service) {
    return consul.get("/v1/catalog/service/" + service);
  }

  private Path spec(String name) {
    return daemon.specs().resolve(name + ".nomad.hcl");
  }

  private void job(String name, String tag) throws IOException {
    Files.writeString(
        spec(name),
        Proxied.of(name, name, 9000 + name.charAt(0))
            .inGroup("shutdown_delay = \"1s\"")
            .inService("tags = [\"" + tag + "\"]")
            .inTask("shutdown_delay = \"2s\"")
            .running("command = \"sleep\"\nargs = [\"1000\"]")
            .hcl());
  }
}
