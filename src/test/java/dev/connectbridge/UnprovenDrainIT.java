package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.resolve.Node;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.Proxied;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealConsul.AclToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be proven is not called proven, and says why; the proxy goes all the same. */
class UnprovenDrainIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration FLOOR = Duration.ofSeconds(3);
  private static final String MASTER = "5f0b1f2e-1111-4222-8333-444444444444";
  private static final String ALL =
      "service_prefix \"\" { policy = \"write\" } agent_prefix \"\" { policy = \"read\" } ";
  private static final String READ_NODES = "node_prefix \"\" { policy = \"read\" } ";

  private static RealConsul consul;

  @TempDir private Path temp;
  private final AtomicReference<String> token = new AtomicReference<>();
  private CountingProxy proxy;
  private Bridge bridge;
  private Node machine = Node.UNKNOWN;

  @BeforeAll
  static void startConsul() {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
  }

  @AfterAll
  static void endConsul() {
    if (consul != null) {
      consul.close();
    }
  }

  @BeforeEach
  void stand() throws IOException {
    proxy = CountingProxy.before(consul.httpPort());
    Files.createDirectories(temp.resolve("specs"));
  }

  private Bridge bridge(Duration floor) {
    return Bridge.builder()
        .consul(proxy.address())
        .owner("unproven")
        .node(machine)
        .token(() -> Optional.of(token.get()))
        .runDirectory(temp.resolve("run"))
        .dataDirectory(temp.resolve("data"))
        .source(new SpecPaths(List.of(temp.resolve("specs"))))
        .drains(new DrainPolicy(floor, Optional.empty(), false))
        .runTasks(Optional.of("unix:///nowhere"))
        .build();
  }

  @AfterEach
  void end() {
    token.set(MASTER);
    proxy.beHonest();
    if (bridge != null) {
      bridge.close();
    }
    proxy.close();
    assertThat(consul.get("/v1/agent/services")).doesNotContain("cart");
  }

  @Test
  void whereDeregistrationsAreSwallowedTheAgentStillHoldsIt() throws IOException {
    startAs(token(ALL + READ_NODES));
    proxy.pretend("/v1/agent/service/deregister/");

    JsonNode receipt = drained();

    assertNotProven(receipt);
    assertThat(receipt.path("reason").asText()).contains("the agent still holds");
    assertThat(receipt.path("deregistered_at_agent_ms").isNull()).isTrue();
    assertThat(consul.get("/v1/agent/services")).contains("cart-sidecar-proxy");

    proxy.beHonest();

    await().atMost(SOON).until(() -> !consul.get("/v1/agent/services").contains("cart"));
    await().atMost(SOON).until(() -> !consul.get("/v1/catalog/services").contains("cart"));
  }

  @Test
  void anEntryWhoseTokenIsDeadIsSavedFromBecomingAGhostByAnother() throws IOException {
    AclToken first = token(ALL + READ_NODES);
    startAs(first, SOON);
    token.set(token(ALL + READ_NODES).secret());
    consul.revoke(first);

    JsonNode receipt = drained();

    assertThat(receipt.path("verdict").asText()).as(receipt.toString()).isEqualTo("PROVEN");
    assertThat(consul.get("/v1/catalog/services")).doesNotContain("cart");
  }

  @Test
  void whateverSpecsCallTheMachineTheProofIsAboutTheAgentsNode() throws IOException {
    SortedMap<String, String> none = new TreeMap<>();
    machine = new Node("", "as-specs-see-it", "", "", none, none, none);
    startAs(token(ALL + READ_NODES), SOON);

    JsonNode receipt = drained();

    assertThat(receipt.path("verdict").asText()).as(receipt.toString()).isEqualTo("PROVEN");
  }

  @Test
  void withItsOnlyTokenRevokedTheReceiptSaysSo() throws IOException {
    AclToken only = token(ALL + READ_NODES);
    startAs(only);
    consul.revoke(only);

    JsonNode receipt = drained();

    assertNotProven(receipt);
    assertThat(receipt.path("reason").asText())
        .contains("ACL not found")
        .doesNotContain(only.secret());
  }

  @Test
  void withoutTheRightToReadTheNodeAnEmptyAnswerProvesNothing() throws IOException {
    startAs(token(ALL));

    JsonNode receipt = drained();

    assertNotProven(receipt);
    assertThat(receipt.path("reason").asText()).contains("node:read");
    assertThat(receipt.path("deregistered_at_agent_ms").asLong(-1)).isNotNegative();
    await().atMost(SOON).until(() -> !consul.get("/v1/catalog/services").contains("cart"));
  }

  private static AclToken token(String rules) {
    return consul.tokenFor(rules);
  }

  private void startAs(AclToken first) throws IOException {
    startAs(first, FLOOR);
  }

  private void startAs(AclToken first, Duration floor) throws IOException {
    token.set(first.secret());
    Files.writeString(
        temp.resolve("specs/shop.nomad.hcl"),
        Proxied.of("shop", "cart", 9001)
            .running(
                """
                command = "/bin/sh"
                args    = ["-c", "trap 'exit 3' INT; echo ready; while :; do sleep 0.05; done"]
                """)
            .hcl());
    bridge = bridge(floor);
    bridge.start();
    Path log = temp.resolve("data/logs/shop.api.0/connect-proxy-cart.stdout.0");
    await().atMost(SOON).until(() -> Files.exists(log) && text(log).contains("ready"));
    await().atMost(SOON).until(() -> consul.get("/v1/catalog/services").contains("cart-sidecar"));
  }

  /** Returns the receipt in the file. */
  private JsonNode drained() throws IOException {
    Files.delete(temp.resolve("specs/shop.nomad.hcl"));
    Path book = temp.resolve("data/receipts.jsonl");
    await().atMost(SOON).until(() -> Files.exists(book) && text(book).endsWith("\n"));
    assertThat(text(book).lines()).hasSize(1);
    return new ObjectMapper().readTree(text(book));
  }

  private static void assertNotProven(JsonNode receipt) {
    assertThat(receipt.path("verdict").asText()).as(receipt.toString()).isEqualTo("NOT_PROVEN");
    assertThat(receipt.path("proven").asBoolean(true)).isFalse();
    JsonNode task = receipt.path("tasks").get(0);
    assertThat(task.path("signal_ms").asLong())
        .isBetween(FLOOR.toMillis(), FLOOR.toMillis() + 10_000);
    assertThat(task.path("exit").asText()).isEqualTo("exit code 3");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
