package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentApi.Health;
import dev.connectbridge.consul.AgentApi.Status;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskState.Exit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {
  private static final String GROUP = "shop.api[0]";
  private static final String REFUSED = "Connect Sidecar Listening is critical: refused";
  private static final String JOB =
      """
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
                    local_bind_port  = 8080
                  }
                }
              }
              sidecar_task {
                driver = "raw_exec"
                config {
                  command = "proxy"
                }
              }
            }
          }
        }
      }
      """;

  @TempDir private Path temp;
  private World world;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
  }

  private void runs() {
    world.file("shop.hcl", JOB).settle();
    assertThat(world.driver().running()).hasSize(1);
  }

  private String sidecar() {
    return world.agent().holds().registrations().get(0).id().sidecar();
  }

  private String readiness(boolean upstreams) {
    CompletableFuture<Readiness> answer = world.supervisor().readiness("shop/api[0]", upstreams);
    world.supervisor().turn();
    return answer.join().toString();
  }

  private boolean isReady() {
    CompletableFuture<dev.connectbridge.supervise.Status> status = world.supervisor().status();
    world.supervisor().turn();
    return status.join().ready().contains(GROUP);
  }

  private long asked() {
    return world.agent().trace().stream().filter(call -> call.startsWith("health ")).count();
  }

  /** The agent says this of the sidecar, before it runs. */
  private void says(Status status, String... complaints) {
    world.driver().failStarts(Optional.of(Kind.UNAVAILABLE));
    world.file("shop.hcl", JOB).settle();
    world.agent().say(sidecar(), new Health(status, List.of(complaints)));
    world.driver().failStarts(Optional.empty());
    world.after(Duration.ofSeconds(2));
    assertThat(world.driver().running()).hasSize(1);
  }

  @Test
  void aGroupWaitsForEachStepInTurn() {
    world.agent().goAway();
    world.file("shop.hcl", JOB).settle();
    assertThat(readiness(false)).isEqualTo("WAITING: what is wanted is not known yet");

    world.agent().heal();
    world.driver().failStarts(Optional.of(Kind.UNAVAILABLE));
    world.settle();
    assertThat(readiness(false))
        .isEqualTo("WAITING: task connect-proxy-cart does not run: it would not start");

    world.driver().failStarts(Optional.empty());
    world.agent().say(sidecar(), new Health(Status.CRITICAL, List.of(REFUSED)));
    world.after(Duration.ofSeconds(5));
    assertThat(readiness(false)).isEqualTo("WAITING: cart: " + REFUSED);

    world.agent().say(sidecar(), new Health(Status.PASSING, List.of()));
    assertThat(readiness(false)).isEqualTo("READY");
  }

  @Test
  void whatTheApplicationsOwnChecksSayKeepsNobodyFromStartingIt() {
    runs();
    String alias =
        "Connect Sidecar Aliasing "
            + world.agent().holds().registrations().get(0).id()
            + " is critical: Service has a failing check";
    world.agent().say(sidecar(), new Health(Status.CRITICAL, List.of(alias)));

    assertThat(readiness(false)).isEqualTo("READY");
  }

  @Test
  void upstreamsMustBeAllowedAndThere() {
    runs();
    assertThat(readiness(true)).isEqualTo("READY");

    world.catalog().mesh(true, 0);
    assertThat(readiness(true))
        .isEqualTo("WAITING: upstream stock: no healthy instance can be connected to");
    assertThat(readiness(false)).isEqualTo("READY");

    world.catalog().mesh(false, 1);
    assertThat(readiness(true)).isEqualTo("DENIED: no intention lets cart connect to stock");
  }

  @Test
  void aGroupThatIsDrainedWaits() {
    runs();
    var unused = world.supervisor().drain(GROUP, false, Optional.empty());
    world.supervisor().turn();

    assertThat(readiness(false)).isEqualTo("WAITING: cart is drained, or held back");
  }

  @Test
  void aGroupThatNobodyKnowsIsNoGroup() {
    runs();

    CompletableFuture<Readiness> answer = world.supervisor().readiness("shop/none[0]", false);
    world.supervisor().turn();

    assertThat(answer).isCompletedExceptionally();
  }

  @Test
  void theAgentIsAskedUntilTheGroupIsReadyAndNeverAgain() {
    says(Status.CRITICAL, REFUSED);
    world.after(Duration.ofSeconds(5));
    assertThat(isReady()).isFalse();
    assertThat(asked()).isBetween(5L, 8L);

    world.agent().say(sidecar(), new Health(Status.PASSING, List.of()));
    world.after(Duration.ofSeconds(1));
    assertThat(isReady()).isTrue();

    long before = asked();
    world.after(Duration.ofHours(1));
    assertThat(asked()).isEqualTo(before);
  }

  @Test
  void aProxyThatWasStartedAgainIsAskedForAgain() {
    runs();
    world.after(Duration.ofSeconds(1));
    assertThat(isReady()).isTrue();
    world.agent().say(sidecar(), new Health(Status.CRITICAL, List.of(REFUSED)));

    world.driver().die(world.driver().running().get(0), Exit.code(1));
    world.after(Duration.ofSeconds(2));

    assertThat(world.driver().running()).hasSize(1);
    assertThat(isReady()).isFalse();
  }

  @Test
  void aGroupThatNeverBecomesReadyIsAskedForMoreRarely() {
    says(Status.CRITICAL, REFUSED);
    world.after(Duration.ofMinutes(1));
    long before = asked();

    world.after(Duration.ofMinutes(10));

    assertThat(asked() - before).isBetween(58L, 62L);
  }
}
