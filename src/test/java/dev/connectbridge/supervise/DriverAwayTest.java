package dev.connectbridge.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.supervise.Lanes.Lane;
import dev.connectbridge.supervise.Status.State;
import dev.connectbridge.testing.FakeDriver;
import dev.connectbridge.testing.Proxied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that hang, break, or are not there any more. */
class DriverAwayTest {
  private static final Duration WHILE = Duration.ofSeconds(12);

  @TempDir private Path temp;
  private final FakeDriver exec = new FakeDriver("raw_exec", "exec");
  private final FakeDriver vm = new FakeDriver("qemu");
  private World world;

  @BeforeEach
  void start() {
    world = new World(temp.resolve("data")).with(vm, exec);
  }

  private static String job(String name, String driver) {
    return Proxied.of(name, name, name.equals("shop") ? 9001 : 9002).by(driver).hcl();
  }

  @Test
  void aDriverThatNeverSaysWhatRunsKeepsNoOtherFromBeingAsked() {
    world.hold(Lane.LOOK, "qemu");
    world.file("shop.hcl", job("shop", "qemu")).file("till.hcl", job("till", "raw_exec"));

    world.settle().after(WHILE);

    assertThat(exec.running()).hasSize(1);
    assertThat(vm.running()).isEmpty();
    assertThat(world.heldBack()).isOne();
    assertThat(world.status().tasks())
        .anyMatch(task -> task.detail().equals("it does not say what runs"));

    exec.die(exec.running().get(0), TaskState.Exit.code(1));
    world.after(Duration.ofSeconds(1));
    assertThat(exec.running()).hasSize(1);

    world.hurry();
    world.letGo();
    world.after(WHILE);
    assertThat(vm.running()).hasSize(1);
  }

  @Test
  void aDriverThatHangsInItsStartsKeepsNoOtherFromStarting() {
    Lanes lanes = Lanes.ofThreads();
    var hang = new java.util.concurrent.CountDownLatch(1);
    var done = new java.util.concurrent.CountDownLatch(1);
    for (int i = 0; i < 20; i++) {
      lanes.run(
          Lane.TASK,
          "qemu",
          () -> {
            try {
              hang.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    lanes.run(Lane.TASK, "raw_exec", done::countDown);

    assertThat(await(done)).isTrue();
    hang.countDown();
    lanes.close();
  }

  private static boolean await(java.util.concurrent.CountDownLatch done) {
    try {
      return done.await(20, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void aDriverThatBreaksWithoutAWordIsOneThatCannotTell() {
    world.file("shop.hcl", job("shop", "qemu")).settle();
    vm.breakDown();

    world.file("shop.hcl", null).settle().after(WHILE);

    assertThat(world.status().tasks())
        .singleElement()
        .satisfies(task -> assertThat(task.state()).isEqualTo(State.LEAVING));
    assertThat(world.receipts()).isEmpty();
  }

  @Test
  void ofADrainThatACrashHasLeftOnlyTheDriverOfItsTaskIsAsked() throws IOException {
    world.file("shop.hcl", job("shop", "raw_exec")).settle();
    world.hold(Lane.DRAIN);
    world.file("shop.hcl", null).pass();
    world.turn();
    String id = exec.running().get(0);
    exec.die(id, TaskState.Exit.code(0));
    exec.forget(new TaskId(id));
    try (Stream<Path> files = Files.list(temp.resolve("data/tasks"))) {
      for (Path record : files.toList()) {
        Files.delete(record);
      }
    }
    vm.goAway(true);

    world.boot().settle().after(WHILE);

    assertThat(world.receipts()).hasSize(1);
  }

  @Test
  void aDriverThatBreaksAtAStartIsTriedAgain() {
    world.settle();
    world.hold(Lane.LOOK);
    vm.breakDown();

    world.file("shop.hcl", job("shop", "qemu")).settle();

    assertThat(world.status().tasks())
        .singleElement()
        .satisfies(task -> assertThat(task.detail()).contains("IllegalStateException"));
  }

  @Test
  void whatADriverThatIsSwitchedOffHasStartedIsNotTakenForGone() {
    world.file("shop.hcl", job("shop", "qemu")).settle();

    world.with(exec).file("shop.hcl", null).settle().after(WHILE);
    assertThat(world.held()).isEmpty();
    assertThat(world.status().warnings())
        .anyMatch(warning -> warning.startsWith("driver qemu started task"));

    world.with(vm, exec).settle().after(WHILE);
    assertThat(vm.running()).isEmpty();
    assertThat(world.status().warnings()).noneMatch(warning -> warning.contains("qemu started"));
    assertThat(world.status().tasks()).isEmpty();
  }

  @Test
  void whatADriverThatIsSwitchedOffMayRunIsNotStartedByAnother() {
    world.file("shop.hcl", job("shop", "qemu")).settle();

    world.with(exec).file("shop.hcl", job("shop", "raw_exec")).settle().after(WHILE);
    assertThat(exec.running()).isEmpty();
    assertThat(world.status().tasks())
        .singleElement()
        .satisfies(task -> assertThat(task.detail()).contains("qemu", "not switched on"));

    world.with(vm, exec).settle().after(WHILE);
    assertThat(vm.running()).isEmpty();
    assertThat(exec.running()).hasSize(1);
  }

  @Test
  void aDrainThatWasBegunWithADriverThatIsSwitchedOffNowWaitsForIt() {
    world.file("shop.hcl", job("shop", "qemu")).settle();
    world.serversFollow(false);
    world.file("shop.hcl", null).settle();

    world.with(exec).settle().after(WHILE);
    assertThat(world.status().drains()).hasSize(1);

    world.with(vm, exec).serversFollow(true);
    world.settle().after(WHILE);
    assertThat(vm.running()).isEmpty();
    assertThat(world.status().drains()).isEmpty();
  }

  @Test
  void aDriverThatNobodyKnowsIsAProblemOfTheSpec() {
    world.file("shop.hcl", job("shop", "podman")).settle().after(WHILE);

    assertThat(world.status().tasks())
        .singleElement()
        .satisfies(
            task -> {
              assertThat(task.state()).isEqualTo(State.FAILED);
              assertThat(task.detail()).contains("no driver is called \"podman\"");
            });
    world.file("shop.hcl", null).settle().after(WHILE);
    assertThat(world.status().tasks()).isEmpty();
  }

  @Test
  void aDriverThatDoesNotLetGoKeepsNothingFromEnding() {
    vm.breakDown();

    world.supervisor().close();
  }
}
