package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.testing.Proxied;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pass goes by what it read, and a drain may end between its look and its act. */
class LatePassTest {
  private static final Proxied JOB = Proxied.of("shop", "cart", 9001);
  private static final String SHOP = JOB.hcl();
  private static final String TAGGED = JOB.inService("tags = [\"v2\"]").hcl();

  @TempDir private Path temp;
  private World world;
  private String id;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
    world.agent().carry("the old token");
    world.file("shop.hcl", SHOP).settle();
    id = world.agent().holds().registrations().get(0).id().value();
  }

  private long starts() {
    return world.driver().trace().stream().filter(call -> call.startsWith("start")).count();
  }

  @Test
  void whatWasDrainedMeanwhileIsNotDrainedAgain() {
    world.file("shop.hcl", null).pass();
    world.pass(world::turn);
    world.settle();

    assertThat(world.held()).isEmpty();
    assertThat(world.receipts()).hasSize(1);
  }

  @Test
  void noProxyIsStartedForWhatAPassReadBeforeItWasDrained() {
    world.file("shop.hcl", null).pass();
    world.file("shop.hcl", SHOP).pass(world::turn);
    world.turn();

    assertThat(world.held()).isEmpty();
    assertThat(starts()).isOne();

    world.settle();
    assertThat(world.held()).containsExactly("cart");
    assertThat(starts()).isEqualTo(2);
  }

  @Test
  void whatIsThereAgainAfterItsDrainIsDrainedAgain() {
    Observed held = world.agent().holds();
    world.file("shop.hcl", null).settle();
    world.agent().hold(held);

    world.settle();

    assertThat(world.held()).isEmpty();
    assertThat(world.receipts()).hasSize(2);
  }

  @Test
  void anEntryIsNotBelievedToCarryATokenThatCameWhileItWasWritten() {
    world.agent().during("register " + id, () -> world.agent().carry("the new token"));
    world.file("shop.hcl", TAGGED).settle();

    world.file("shop.hcl", null).settle();

    assertThat(world.agent().trace()).contains("rewrite " + id);
  }

  @Test
  void anEntryIsNotBelievedToCarryATokenWhoseWriteFailed() {
    world.agent().carry("the new token");
    world.agent().fail("register " + id, Kind.FORBIDDEN);
    world.file("shop.hcl", TAGGED).settle();

    world.file("shop.hcl", null).settle();

    assertThat(world.agent().trace()).contains("rewrite " + id);
  }
}
