package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.CountingProxy.Request;
import dev.connectbridge.testing.DistDaemon;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealConsul.AclToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose token is replaced by another one in its file, and the old one is deleted. */
@Timeout(120)
class RotatedTokenIT {
  private static final String MASTER = "7b1c0d6e-1111-4222-8333-444444444444";
  private static final String RULES =
      """
      service_prefix "" { policy = "write" }
      node_prefix "" { policy = "read" }
      agent_prefix "" { policy = "read" }
      session_prefix "" { policy = "write" }
      key_prefix "connect-bridge/" { policy = "write" }
      """;

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Pattern INDEX = Pattern.compile("\"ModifyIndex\": *([0-9]+)");

  @TempDir private Path temp;
  private RealConsul consul;
  private CountingProxy proxy;
  private DistDaemon daemon;
  private AclToken first;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
    proxy = CountingProxy.before(consul.httpPort());
    first = consul.tokenFor(RULES);
    file = Files.writeString(temp.resolve("token"), first.secret() + "\n");
    String yaml = "tasks: leave\ndrain_floor: 1s\nresync: 1s\nconsul:\n  token_file: " + file;
    daemon = DistDaemon.in(temp.resolve("home"), yaml + "\n");
    job("web", 9001, "old");
    job("api", 9002, "old");
    daemon.start(proxy.address()).awaitLog("the agent holds what the specs say");
    for (String name : List.of("web", "web-sidecar-proxy", "api", "api-sidecar-proxy")) {
      await().atMost(SOON).until(() -> INDEX.matcher(catalog(name)).find());
    }
  }

  @AfterEach
  void end() {
    daemon.close();
    proxy.close();
    consul.close();
  }

  @Test
  void theNextTokenIsUsedAtOnceAndNothingIsWrittenForItsSake() throws Exception {
    String web = modified("web");
    String api = modified("api");
    AclToken next = consul.tokenFor(RULES);
    proxy.forget();

    rotate(next);
    long rotated = System.nanoTime();
    await().pollInterval(Duration.ofMillis(5)).atMost(SOON).until(() -> carrying(next) > 0);
    long took = (System.nanoTime() - rotated) / 1_000_000;
    System.out.println("the next token was used " + took + " ms after it lay in the file");
    consul.revoke(first);
    assertThat(proxy.requests()).noneMatch(Request::isWrite);
    proxy.forget(); // until then it may have asked with the old one
    await()
        .during(Duration.ofSeconds(4))
        .atMost(SOON)
        .until(() -> proxy.requests().stream().noneMatch(Request::isWrite));
    assertThat(carrying(first)).as("asked with the old one: %s", proxy.requests()).isZero();
    assertThat(List.of(modified("web"), modified("api"))).containsExactly(web, api);

    job("web", 9001, "new");
    await().atMost(SOON).until(() -> modifiedTo("web", "new"));
    assertThat(modified("api")).as("nobody wants it otherwise").isEqualTo(api);
    assertThat(proxy.requests().stream().filter(Request::isWrite)).hasSize(1);

    daemon.terminate();
    assertThat(daemon.awaitEnd(Duration.ofSeconds(30))).isZero();
    assertThat(consul.get("/v1/agent/services").strip()).isEqualTo("{}");
    assertThat(daemon.log())
        .doesNotContain(first.secret(), next.secret(), "ALARM", " 403 ", "WARN");
  }

  /** As tools do it: written beside it, and moved over it. */
  private void rotate(AclToken next) throws IOException {
    Path beside = Files.writeString(temp.resolve("token.new"), next.secret() + "\n");
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private long carrying(AclToken token) {
    return proxy.requests().stream().filter(one -> one.head().contains(token.secret())).count();
  }

  private String catalog(String service) {
    return consul.get("/v1/catalog/service/" + service);
  }

  private boolean modifiedTo(String service, String tag) {
    return catalog(service).contains("\"" + tag + "\"");
  }

  /** Returns when the servers last took something else of a service, and of its sidecar. */
  private String modified(String service) {
    return index(service) + " " + index(service + "-sidecar-proxy");
  }

  private String index(String service) {
    String all = catalog(service);
    Matcher index = INDEX.matcher(all);
    assertThat(index.find()).as(all).isTrue();
    return index.group(1);
  }

  private void job(String name, int port, String tag) throws IOException {
    Files.writeString(
        daemon.specs().resolve(name + ".nomad.hcl"),
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
