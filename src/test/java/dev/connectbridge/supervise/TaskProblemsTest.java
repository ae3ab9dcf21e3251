package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.supervise.Status.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskProblemsTest {
  private static final String JOB =
      """
      job "shop" {
        group "api" {
          network { mode = "bridge" }
          service {
            name = "cart"
            port = "9001"
            check {
              type     = "script"
              task     = "connect-proxy-cart"
              command  = "look"
              interval = "5s"
              timeout  = "1s"
            }
            connect {
              sidecar_service {}
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

  private List<Status.Task> tasks() {
    CompletableFuture<Status> status = world.supervisor().status();
    world.supervisor().turn();
    return status.join().tasks();
  }

  @Test
  void aProxyWithoutAnImageIsOneProblemAtItsPlaceInTheSpecWhoeverIsAway() {
    world.driver().goAway(true);

    world.file("shop.hcl", JOB).settle().after(Duration.ofMinutes(5));

    assertThat(world.held()).containsExactly("cart");
    assertThat(tasks())
        .singleElement()
        .satisfies(
            task -> {
              assertThat(task.state()).isEqualTo(State.FAILED);
              assertThat(task.detail())
                  .startsWith("shop.hcl:4:")
                  .contains("no image for the proxy: this node has no meta connect.sidecar_image")
                  .contains("default_sidecar_task");
              assertThat(task.restarts()).isEqualTo(1);
            });
  }

  @Test
  void whereSomebodyElseRunsTheTasksNothingIsDoneWithThem() {
    world.withoutDrivers().file("shop.hcl", JOB).settle().after(Duration.ofMinutes(5));

    assertThat(world.held()).containsExactly("cart");
    assertThat(tasks()).isEmpty();
    assertThat(world.agent().trace()).noneMatch(call -> call.matches("(update|health) .*"));
    CompletableFuture<Readiness> readiness = world.supervisor().readiness("shop/api[0]", false);
    world.supervisor().turn();
    assertThat(readiness.join().isReady()).isTrue();
  }
}
