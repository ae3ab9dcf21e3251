package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.drain.DrainPolicy;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.supervise.DrainReceipt;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealConsul.AclToken;
import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that is revoked under a bridge, its own or that of one service. */
@RunsBeside
class RevokedTokenIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String MASTER = "5f0b1f2e-1111-4222-8333-444444444444";
  private static final String LESS =
      """
      service_prefix "web" { policy = "write" }
      service_prefix "" { policy = "read" }
      node_prefix "" { policy = "read" }
      agent_prefix "" { policy = "read" }
      """;
  private static final String MORE = LESS + "service_prefix \"api\" { policy = \"write\" }\n";

  @TempDir private Path specs;
  @TempDir private Path run;
  private final AtomicReference<String> token = new AtomicReference<>(MASTER);
  private final Map<String, String> own = new ConcurrentHashMap<>();
  private RealConsul consul;
  private CountingProxy proxy;
  private Bridge bridge;

  @BeforeEach
  void start() throws IOException {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
    proxy = CountingProxy.before(consul.httpPort());
    bridge =
        Bridge.builder()
            .consul(proxy.address())
            .token(() -> Optional.of(token.get()))
            .serviceTokens(service -> Optional.ofNullable(own.get(service)))
            .runDirectory(run)
            .resync(Duration.ofSeconds(1))
            .drains(new DrainPolicy(SOON, Optional.empty(), false))
            .source(new SpecPaths(List.of(specs)))
            .build();
  }

  @AfterEach
  void end() {
    token.set(MASTER);
    bridge.close();
    proxy.close();
    consul.close();
  }

  @Test
  void whatNeedsItIsParkedTheRestGoesOnAndDrainsStillFinish() throws Exception {
    AclToken first = consul.tokenFor(MORE);
    token.set(first.secret());
    job("web", 9001, "old");
    job("api", 9002, "old");
    bridge.start();
    await().atMost(SOON).until(() -> tagged("web", "old") && tagged("api", "old"));

    token.set(consul.tokenFor(LESS).secret());
    consul.revoke(first);
    job("api", 9002, "new");
    job("web", 9001, "new");

    await().atMost(SOON).until(() -> tagged("web", "new"));
    assertThat(tagged("api", "old")).isTrue();
    nothingIsTried();

    isDrained("web");
    assertThat(tagged("api", "old")).isTrue();

    token.set(consul.tokenFor(MORE).secret());
    await().atMost(SOON).until(() -> tagged("api", "new"));
  }

  @Test
  void ofOneServicesOwnTokenNoOtherServiceNoticesAnything() throws Exception {
    AclToken dying = consul.tokenFor(MORE);
    own.putAll(Map.of("web", consul.tokenFor(MORE).secret(), "api", dying.secret()));
    job("web", 9001, "old");
    job("api", 9002, "old");
    job("cart", 9003, "old");
    bridge.start();
    await()
        .atMost(SOON)
        .until(() -> tagged("web", "old") && tagged("api", "old") && tagged("cart", "old"));

    consul.revoke(dying);
    job("api", 9002, "new");
    job("web", 9001, "new");
    job("cart", 9003, "new");
    await().atMost(SOON).until(() -> tagged("web", "new") && tagged("cart", "new"));
    nothingIsTried();
    assertThat(tagged("api", "old")).isTrue();
    job("web", 9001, "newest");
    await().atMost(SOON).until(() -> tagged("web", "newest"));

    isDrained("api");
    assertThat(tagged("web", "newest") && tagged("cart", "new")).isTrue();
    assertThat(consul.get("/v1/catalog/services")).contains("web-sidecar-proxy", "cart");
  }

  /** At first something may not have been tried with the token of now. */
  private void nothingIsTried() {
    AtomicLong tried = new AtomicLong();
    await()
        .during(Duration.ofSeconds(4))
        .atMost(SOON)
        .until(() -> tried.getAndSet(registrations()) == tried.get());
  }

  private void isDrained(String job) throws Exception {
    DrainReceipt receipt =
        bridge
            .drain(job + ".front[0]", Optional.empty())
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    assertThat(receipt.proven()).as(receipt.line()).isTrue();
    for (String name : List.of(job, job + "-sidecar-proxy")) {
      assertThat(consul.get("/v1/catalog/service/" + name).strip()).isEqualTo("[]");
    }
  }

  private long registrations() {
    return proxy.requests().stream().filter(one -> one.path().endsWith("/register")).count();
  }

  private boolean tagged(String service, String tag) {
    return consul
        .get("/v1/agent/services?filter=Service%3D%3D" + service)
        .contains("\"" + tag + "\"");
  }

  private void job(String name, int port, String tag) throws IOException {
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
              tags = ["%s"]
              connect {
                sidecar_service {}
              }
            }
          }
        }
        """
            .formatted(name, name, port, tag));
  }
}
