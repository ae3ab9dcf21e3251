package dev.connectbridge.docker;

import static dev.connectbridge.docker.Dock.FOREVER;
import static dev.connectbridge.docker.Dock.assertKind;
import static dev.connectbridge.docker.Dock.trap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.testing.RealDocker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a driver finds in a real engine, and what it makes of it. */
class DockerAdoptionIT {
  @RegisterExtension static final Dock dock = new Dock(RealDocker::get);

  @Test
  void theNextDriverFindsWhatRuns() throws Exception {
    TaskOrder order = dock.order(trap("TERM")).make();
    TaskState started = dock.driver().start(order);
    dock.driver().onExit(() -> {});
    dock.awaitReady();
    assertTimeout(Duration.ofSeconds(10), dock.driver()::close);

    dock.reconnect();

    assertThat(dock.driver().observe("somebody else")).isEmpty();
    assertThat(dock.driver().observe(Orders.OWNER)).containsExactly(started);
    dock.driver().signal(order.id(), "SIGTERM");
    assertThat(dock.awaitExit()).isEqualTo(Exit.code(7));
    dock.driver().forget(order.id());
    assertThat(dock.stdout()).isEqualTo("ready\nheard TERM\n");
  }

  @Test
  void onlyTheOwnersTasksAreTouched() throws Exception {
    TaskOrder order = dock.order(FOREVER).make();
    dock.driver().start(order);
    try (DockerDriver stranger = DockerDriver.at(dock.engine().address())) {
      stranger.observe("somebody else");
      stranger.kill(order.id());

      assertThatThrownBy(() -> stranger.start(dock.order(FOREVER).owner("somebody else").make()))
          .satisfies(e -> assertKind(e, Kind.REFUSED));
    }
    assertThat(dock.isRunning()).isTrue();
  }

  @Test
  void aContainerThatWasMadeAndNotStartedIsFoundAndReplaced() throws Exception {
    TaskOrder order = dock.order(FOREVER).make();
    Creation creation = Creation.of(order);
    dock.engine().create(creation.name(), creation.body());

    TaskState found = dock.driver().observe(Orders.OWNER).get(0);
    TaskState started = dock.driver().start(order);

    assertThat(found.exit()).contains(Exit.UNKNOWN);
    assertThat(started.isRunning()).isTrue();
    assertThat(dock.engine().containers(Labels.OWNER)).containsExactly(started.handle());
  }

  @Test
  void oneThatHasEndedIsReplaced() throws Exception {
    TaskState first = dock.run(dock.order("echo one"));

    TaskState second = dock.run(dock.order("echo two").hash("hash-2"));

    assertThat(second.handle()).isNotEqualTo(first.handle());
    assertThat(second.hash()).isEqualTo("hash-2");
    assertThat(dock.stdout()).isEqualTo("one\ntwo\n");
  }

  @Test
  void whatCannotBeStartedLeavesNothing() {
    TaskOrder order =
        dock.order("").with("command", "/bin/nothing").env("TOKEN", "hunter22").make();

    assertThatThrownBy(() -> dock.driver().start(order))
        .satisfies(e -> assertKind(e, Kind.REFUSED))
        .hasMessageContaining("/bin/nothing")
        .hasMessageNotContaining("hunter22");
    assertThat(dock.engine().containers(Labels.OWNER)).isEmpty();
  }

  @Test
  void anImageThatIsNowhereIsSaidSo() {
    TaskOrder order = dock.order("").with("image", "127.0.0.1:1/nothing:9").make();

    assertThatThrownBy(() -> dock.driver().start(order))
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("the image 127.0.0.1:1/nothing:9 cannot be pulled");
  }
}
