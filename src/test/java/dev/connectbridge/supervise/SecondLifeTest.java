package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Proxied;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that go, come back and go again, and whose delays change in between. */
class SecondLifeTest {
  @TempDir private Path data;

  private static String job(String delay) {
    return Proxied.of("shop", "cart", 9001)
        .inGroup("shutdown_delay = \"%s\"".formatted(delay))
        .hcl();
  }

  private World world() {
    return new World(data.resolve("data"));
  }

  private static List<String> signals(World world) {
    return world.driver().trace().stream().filter(call -> call.startsWith("signal")).toList();
  }

  @Test
  void whatWasGivenAwayOutlivesTheEndOfItsBridge() {
    World world = world();
    world.file("shop.hcl", job("0s")).settle().release("shop.api[0]");
    int running = world.driver().running().size();

    world.stop().after(Duration.ofSeconds(5));

    assertThat(world.agent().holds().foreign()).hasSize(2);
    assertThat(running).isOne();
    assertThat(world.driver().running()).isEmpty();
  }

  @Test
  void whatComesBackIsDeregisteredTheSecondTimeToo() {
    World world = world();
    for (int lives = 1; lives <= 2; lives++) {
      world.file("shop.hcl", job("1s")).settle();
      assertThat(world.held()).containsExactly("cart");
      assertThat(world.driver().running()).hasSize(1);

      world.file("shop.hcl", null).settle();
      world.after(Duration.ofMinutes(1));

      assertThat(world.held()).isEmpty();
      assertThat(world.driver().running()).isEmpty();
      assertThat(world.receipts()).hasSize(lives);
      assertThat(signals(world)).hasSize(lives);
    }
  }

  @Test
  void aDelayThatChangesWhileItRunsHoldsFromThenOn() {
    World world = world();
    world.file("shop.hcl", job("1s")).settle();
    world.file("shop.hcl", job("9s")).settle();
    world.file("shop.hcl", null).settle();

    world.after(Duration.ofMillis(8900));
    assertThat(signals(world)).isEmpty();

    world.after(Duration.ofSeconds(1));
    assertThat(signals(world)).hasSize(1);
  }
}
