package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Proxied;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whyever a proxy is stopped, both delays are over before it hears of it. */
class EveryStopTest {
  private static final Duration BOTH = Duration.ofSeconds(5);
  private static final Duration MOMENT = Duration.ofMillis(100);

  @TempDir private Path temp;

  private enum Stop {
    FILE_GONE,
    ANOTHER_TASK,
    BY_NAME,
    THE_BRIDGE
  }

  private static void stop(World world, Stop stop) {
    switch (stop) {
      case FILE_GONE -> world.file("shop.hcl", null).settle();
      case ANOTHER_TASK -> world.file("shop.hcl", job("env {\nA = \"b\"\n}")).settle();
      case BY_NAME -> {
        var unused = world.supervisor().drain("shop/api[0]", false, Optional.empty());
      }
      case THE_BRIDGE -> world.stop();
    }
  }

  private static String job(String more) {
    return Proxied.of("shop", "cart", 9001)
        .inGroup("shutdown_delay = \"3s\"")
        .inTask("shutdown_delay = \"2s\"\n" + more)
        .hcl();
  }

  private static long signals(World world) {
    return world.driver().trace().stream().filter(call -> call.startsWith("signal ")).count();
  }

  @ParameterizedTest
  @EnumSource
  void bothDelaysAreOverBeforeTheSignal(Stop stop) {
    World world = new World(temp.resolve("data"));
    world.file("shop.hcl", job("")).settle();
    assertThat(world.driver().running()).hasSize(1);

    stop(world, stop);

    world.after(BOTH.minus(MOMENT));
    assertThat(world.held()).isEmpty();
    assertThat(signals(world)).isZero();
    world.after(MOMENT.plus(MOMENT));
    assertThat(signals(world)).isEqualTo(1);
  }
}
