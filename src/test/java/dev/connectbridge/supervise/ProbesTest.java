package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Registration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbesTest {
  private static final int UPSTREAM = 8080;

  @TempDir private Path temp;
  private World world;
  private String task;
  private Registration.Sidecar sidecar;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
  }

  private void runs(String command) {
    world.file("shop.hcl", job(command)).settle();
    task = world.driver().running().get(0);
    sidecar = world.agent().holds().registrations().get(0).sidecar().orElseThrow();
  }

  private static String job(String command) {
    return """
        job "shop" {
          group "api" {
            network { mode = "bridge" }
            service {
              name = "cart"
              port = "9001"
              connect {
                sidecar_service {
                  proxy {
                    upstreams {
                      destination_name = "stock"
                      local_bind_port  = %d
                    }
                  }
                }
                sidecar_task {
                  driver = "raw_exec"
                  config {
                    command = "%s"
                    args    = ["connect", "proxy", "-sidecar-for", "cart"]
                  }
                }
              }
            }
          }
        }
        """
        .formatted(UPSTREAM, command);
  }

  private List<String> signals() {
    return world.driver().trace().stream().filter(call -> call.startsWith("signal")).toList();
  }

  @Test
  void aProxyThatAnswersIsLeftAloneAndAnUpstreamIsNotConnectedTo() {
    runs("consul");

    world.after(Duration.ofSeconds(35));

    assertThat(world.driver().trace()).containsExactly("start " + task);
    String own = sidecar.address() + ":" + sidecar.port();
    assertThat(world.knocks()).containsExactly(own, own, own);
  }

  @Test
  void aProxyThatDoesNotListenThreeTimesInARowIsStartedAgain() {
    runs("consul");
    world.silence(sidecar.port());

    world.after(Duration.ofMillis(29_900));
    assertThat(signals()).isEmpty();
    world.after(Duration.ofSeconds(1));

    assertThat(world.driver().trace())
        .containsExactly("start " + task, "signal " + task, "start " + task);
    assertThat(world.held()).containsExactly("cart");
  }

  @Test
  void whatHelpsNotIsTriedMoreRarely() {
    runs("consul");
    world.silence(sidecar.port());

    world.after(Duration.ofSeconds(95));
    assertThat(signals()).hasSize(2);
    world.after(Duration.ofSeconds(110));
    assertThat(signals()).hasSize(2);
    world.after(Duration.ofSeconds(20));
    assertThat(signals()).hasSize(3);
  }

  @Test
  void anAnswerInBetweenBeginsTheCountAnew() {
    runs("consul");
    world.silence(sidecar.port());
    world.after(Duration.ofSeconds(25));
    world.silence();
    world.after(Duration.ofSeconds(10));
    world.silence(sidecar.port());
    world.after(Duration.ofSeconds(20));

    assertThat(signals()).isEmpty();
  }

  @Test
  void anUpstreamThatNobodyListensForIsAReasonAsWell() {
    runs("consul");
    world.silence(UPSTREAM);

    world.after(Duration.ofSeconds(31));

    assertThat(world.knocks()).contains("127.0.0.1:" + UPSTREAM);
    assertThat(signals()).containsExactly("signal " + task);
  }

  @Test
  void otherProxiesAreNotKnockedAt() {
    runs("envoy");

    world.after(Duration.ofMinutes(2));

    assertThat(world.knocks()).isEmpty();
  }

  @Test
  void whatDrainsIsNotStartedAgain() {
    runs("consul");
    world.silence(sidecar.port());
    world.after(Duration.ofSeconds(25));

    world.file("shop.hcl", null).settle().after(Duration.ofMinutes(1));

    assertThat(world.driver().trace())
        .containsExactly("start " + task, "signal " + task, "forget " + task);
  }
}
