package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.CountingProxy.Request;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealConsul.AclToken;
import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one pass registered with a token that is dead by the time that another one removes it. */
@RunsBeside
class DeadTokenIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String MASTER = "2c6e0b1a-1111-4222-8333-444444444444";
  private static final String SIDECAR = "connect {\nsidecar_service {}\n}\n";
  private static final String RULES =
      """
      service_prefix "" { policy = "write" }
      node_prefix "" { policy = "read" }
      agent_prefix "" { policy = "read" }
      """;

  private static RealConsul consul;
  private static CountingProxy proxy;

  @TempDir private Path specs;

  @BeforeAll
  static void start() {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
    proxy = CountingProxy.before(consul.httpPort());
  }

  @AfterAll
  static void stop() {
    if (consul != null) {
      proxy.close();
      consul.close();
    }
  }

  @AfterEach
  void clean() throws IOException {
    gone("web");
    assertThat(sync(MASTER, Optional.empty()).failures()).isEmpty();
  }

  @Test
  void nothingOfItIsLeftInTheCatalog() throws IOException {
    AclToken first = consul.tokenFor(RULES);
    registered("web", SIDECAR, first.secret(), Optional.empty());
    consul.revoke(first);

    gone("web");
    Outcome outcome = sync(MASTER, Optional.empty());

    assertThat(outcome.failures()).isEmpty();
    nothingIsHeldOf("web", "web-sidecar-proxy");
  }

  @Test
  void nothingIsLeftOfAServiceWhoseOwnTokenIsDead() throws IOException {
    AclToken own = consul.tokenFor(RULES);
    registered("web", SIDECAR, MASTER, Optional.of(own.secret()));
    consul.revoke(own);

    gone("web");
    Outcome outcome = sync(MASTER, Optional.empty());

    assertThat(outcome.failures()).isEmpty();
    nothingIsHeldOf("web", "web-sidecar-proxy");
  }

  @Test
  void nothingIsLeftOfASidecarThatIsNoLongerWanted() throws IOException {
    AclToken first = consul.tokenFor(RULES);
    registered("web", SIDECAR, first.secret(), Optional.empty());
    consul.revoke(first);

    job("web", "");
    Outcome outcome = sync(MASTER, Optional.empty());

    assertThat(outcome.failures()).isEmpty();
    nothingIsHeldOf("web-sidecar-proxy");
    assertThat(catalog("web")).contains("web");
  }

  @Test
  void nothingIsLeftOfACheckThatIsNoLongerSaid() throws IOException {
    AclToken first = consul.tokenFor(RULES);
    String check =
        "check {\nname = \"alive\"\ntype = \"tcp\"\ninterval = \"9s\"\ntimeout = \"1s\"\n}\n";
    job("web", check);
    assertThat(sync(first.secret(), Optional.empty()).failures()).isEmpty();
    await().atMost(SOON).until(() -> checks("web").contains("alive"));
    consul.revoke(first);

    job("web", "");
    Outcome outcome = sync(MASTER, Optional.empty());

    assertThat(outcome.failures()).isEmpty();
    await().atMost(SOON).until(() -> !checks("web").contains("alive"));
    assertThat(catalog("web")).contains("web");
  }

  private static String checks(String service) {
    return consul.get("/v1/health/checks/" + service);
  }

  @Test
  void nothingIsLeftOfWhatAFormerTokenOfTheAgentRegisteredForWhoSendsNone() throws IOException {
    AclToken first = consul.tokenFor(RULES);
    agentLends(first.secret());
    registered("web", SIDECAR, "", Optional.empty());
    agentLends(consul.tokenFor(RULES).secret());
    consul.revoke(first);

    gone("web");
    Outcome outcome = sync("", Optional.empty());

    assertThat(outcome.failures()).isEmpty();
    nothingIsHeldOf("web", "web-sidecar-proxy");
    agentLends("");
  }

  private static void agentLends(String token) {
    consul.put("/v1/agent/token/default", "{\"Token\":\"" + token + "\"}");
  }

  @Test
  void aTokenThatMayNotWriteAServiceKeepsNothingOfTheOthers() throws IOException {
    AclToken first = consul.tokenFor(RULES);
    job("api", SIDECAR);
    registered("web", SIDECAR, first.secret(), Optional.empty());
    AclToken less = consul.tokenFor(RULES + "service_prefix \"api\" { policy = \"read\" }\n");
    consul.revoke(first);

    gone("web");
    gone("api");
    Outcome outcome = sync(less.secret(), Optional.empty());

    assertThat(outcome.failures()).singleElement().asString().contains("api");
    nothingIsHeldOf("web", "web-sidecar-proxy");
    assertThat(catalog("api")).contains("api");
    assertThat(sync(MASTER, Optional.empty()).failures()).isEmpty();
    nothingIsHeldOf("api", "api-sidecar-proxy");
  }

  @Test
  void eachEntryIsWrittenOnceMoreAndNoOther() throws IOException {
    job("api", SIDECAR);
    registered("web", SIDECAR, MASTER, Optional.empty());
    proxy.forget();

    gone("web");
    sync(MASTER, Optional.empty());

    List<String> writes =
        proxy.requests().stream().filter(Request::isWrite).map(Request::path).toList();
    assertThat(writes.stream().filter(path -> path.endsWith("/register"))).hasSize(2);
    assertThat(writes.stream().filter(path -> path.contains("/deregister/"))).hasSize(2);
    gone("api");
  }

  private void registered(String name, String connect, String token, Optional<String> own)
      throws IOException {
    job(name, connect);
    assertThat(sync(token, own).failures()).isEmpty();
    await().atMost(SOON).until(() -> catalog(name + "-sidecar-proxy").contains(name));
  }

  /** A process of its own each time, as far as it can remember anything. */
  private Outcome sync(String token, Optional<String> own) {
    try (Bridge bridge =
        Bridge.builder()
            .consul(proxy.address())
            .token(() -> Optional.of(token).filter(any -> !any.isEmpty()))
            .serviceTokens(service -> own)
            .source(new SpecPaths(List.of(specs)))
            .build()) {
      return bridge.runOnce();
    }
  }

  private static void nothingIsHeldOf(String... names) {
    for (String name : names) {
      assertThat(consul.get("/v1/agent/services?filter=Service%3D%3D%22" + name + "%22").strip())
          .isEqualTo("{}");
      await().atMost(SOON).until(() -> catalog(name).equals("[]"));
    }
  }

  private static String catalog(String service) {
    return consul.get("/v1/catalog/service/" + service).strip();
  }

  private void gone(String name) throws IOException {
    Files.deleteIfExists(specs.resolve(name + ".nomad.hcl"));
  }

  private void job(String name, String connect) throws IOException {
    Files.writeString(
        specs.resolve(name + ".nomad.hcl"),
        """
        job "%s" {
          group "front" {
            network {
              mode = "bridge"
            }
            service {
              name = "%s"
              port = "%d"
              %s
            }
          }
        }
        """
            .formatted(name, name, name.equals("web") ? 9001 : 9002, connect));
  }
}
