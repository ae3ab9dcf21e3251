package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Proxied;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that somebody drained by name. */
class HeldGroupTest {
  private static final Duration MOMENT = Duration.ofMillis(20);

  @TempDir private Path temp;
  private World world;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data"));
  }

  private static String job(String delay, String tag) {
    return Proxied.of("shop", "cart", 9001)
        .inGroup("shutdown_delay = \"%s\"".formatted(delay))
        .inService("tags = [\"%s\"]".formatted(tag))
        .hcl();
  }

  private CompletableFuture<DrainReceipt> drain() {
    CompletableFuture<DrainReceipt> receipt =
        world.supervisor().drain("shop/api[0]", false, Optional.empty());
    world.after(MOMENT).settle();
    return receipt;
  }

  private CompletableFuture<Boolean> resume() {
    CompletableFuture<Boolean> resumed = world.supervisor().resume("shop/api[0]");
    world.after(MOMENT).settle();
    return resumed;
  }

  @Test
  void aGroupThatIsDrainedByNameStaysAwayUntilSomebodySaysSo() {
    world.file("shop.hcl", job("0s", "v1")).settle();

    CompletableFuture<DrainReceipt> receipt = drain();
    world.after(Duration.ofMinutes(1));

    assertThat(receipt).isCompletedWithValueMatching(DrainReceipt::proven);
    assertThat(world.held()).isEmpty();
    world.boot().settle().after(Duration.ofMinutes(1));
    assertThat(world.held()).isEmpty();

    assertThat(resume()).isCompletedWithValue(true);
    assertThat(world.held()).containsExactly("cart");
    assertThat(world.driver().running()).hasSize(1);
  }

  @Test
  void aGroupThatIsDrainedByNameComesBackWhenItsSpecChanges() {
    world.file("shop.hcl", job("0s", "v1")).settle();
    var unused = drain();
    world.after(Duration.ofSeconds(1));
    assertThat(world.held()).isEmpty();

    world.file("shop.hcl", job("0s", "v2")).settle();

    assertThat(world.held()).containsExactly("cart");
  }

  @Test
  void aGroupThatIsLetBackBeforeTheSignalKeepsItsProxy() {
    world.file("shop.hcl", job("10s", "v1")).settle();
    String task = world.driver().running().get(0);
    CompletableFuture<DrainReceipt> receipt = drain();
    assertThat(world.held()).isEmpty();

    var unused = resume();

    assertThat(receipt)
        .isCompletedWithValueMatching(
            entry -> entry.receipt().verdict().name().equals("CANCELLED"));
    world.after(Duration.ofMinutes(1));
    assertThat(world.held()).containsExactly("cart");
    assertThat(world.driver().trace()).containsExactly("start " + task);
    assertThat(world.receipts()).hasSize(1);
  }

  @Test
  void aGroupWhoseSpecChangesBeforeTheSignalKeepsItsProxyToo() {
    world.file("shop.hcl", job("10s", "v1")).settle();
    var unused = drain();

    world.file("shop.hcl", job("10s", "v2")).settle().after(Duration.ofMinutes(1));

    assertThat(world.held()).containsExactly("cart");
    assertThat(world.driver().trace()).hasSize(1);
  }

  @Test
  void theStatusSaysThatAGroupIsHeldBack() {
    world.file("shop.hcl", job("0s", "v1")).settle();
    var unused = drain();

    assertThat(world.status().tasks())
        .singleElement()
        .satisfies(task -> assertThat(task.detail()).startsWith("held back"));
  }

  @Test
  void toStopIsToDrainNothingOfWhatIsGoneAlready() {
    world.file("shop.hcl", job("0s", "v1")).settle();
    var unused = drain();
    assertThat(world.receipts()).hasSize(1);

    world.stop().after(Duration.ofSeconds(5));

    assertThat(world.receipts()).hasSize(1);
    assertThat(world.supervisor().isIdle()).isTrue();
  }

  @Test
  void aHeldGroupWhoseFileMovedStaysAwayWhenTheNewOneCannotBeReadAtAStart() {
    world.file("shop.hcl", job("0s", "v1")).settle();
    var unused = drain();
    world.file("shop.hcl", null).file("moved.hcl", job("0s", "v1")).settle();

    world.file("moved.hcl", "job {").boot().settle();
    world.file("moved.hcl", job("0s", "v1")).settle();

    assertThat(world.held()).isEmpty();
  }

  @Test
  void aTaskWhoseFileMovedStaysWhenTheNewOneCannotBeReadAtAStart() {
    world.file("shop.hcl", job("0s", "v1")).settle();
    world.driver().goAway(true);
    world.after(Duration.ofSeconds(10));
    world.file("shop.hcl", null).file("moved.hcl", job("0s", "v1")).settle();

    world.file("moved.hcl", "job {").boot().settle();
    world.driver().goAway(false);
    world.after(Duration.ofMinutes(1)).settle();

    assertThat(world.held()).containsExactly("cart");
    assertThat(world.driver().trace()).hasSize(1);
  }
}
