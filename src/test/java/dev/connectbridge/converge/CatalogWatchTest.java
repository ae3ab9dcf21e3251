package dev.connectbridge.converge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.supervise.Ticker;
import dev.connectbridge.testing.FakeCatalog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CatalogWatchTest {
  private final FakeCatalog servers = new FakeCatalog("n1").hold(List.of("a"));
  private final ConvergenceBook book = new ConvergenceBook("default");
  private final CatalogWatch watch =
      new CatalogWatch(servers, () -> "n1", book, () -> Duration.ZERO);

  @Test
  void afterTheFirstLookItAsksForChangesAlone() {
    watch.turn();
    servers.hold(List.of("b"));
    watch.turn();

    assertThat(servers.trace()).containsExactly("ours since 0", "ours since 2");
  }

  @Test
  void anIndexThatGoesBackwardsBeginsAnew() {
    watch.turn();
    servers.beginAnew();
    watch.turn();
    watch.turn();

    assertThat(servers.trace()).containsExactly("ours since 0", "ours since 2", "ours since 0");
  }

  @Test
  void serversThatFailAreAskedEverMoreRarely() {
    servers.fail(Kind.BROKEN);

    assertThat(watch.turn()).isEqualTo(Duration.ofSeconds(1));
    assertThat(watch.turn()).isEqualTo(Duration.ofSeconds(2));
    for (int i = 0; i < 5; i++) {
      watch.turn();
    }
    assertThat(watch.turn()).isEqualTo(Duration.ofSeconds(30));

    servers.heal();
    assertThat(watch.turn()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void manyThatFailDoNotComeBackTogether() {
    Ticker half =
        new Ticker() {
          @Override
          public Duration now() {
            return Duration.ZERO;
          }

          @Override
          public double chance() {
            return 0.5;
          }
        };
    servers.fail(Kind.BROKEN);

    assertThat(new CatalogWatch(servers, () -> "n1", book, half).turn())
        .isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void closingEndsAQuestionThatIsUnderWay() throws Exception {
    Thread thread = new Thread(watch, "watch under test");
    thread.start();
    servers.await("ours since 2", 1);

    watch.close();

    thread.join(10_000);
    assertThat(thread.isAlive()).isFalse();
  }
}
