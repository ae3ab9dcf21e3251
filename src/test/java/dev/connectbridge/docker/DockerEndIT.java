package dev.connectbridge.docker;

import static dev.connectbridge.docker.Dock.FOREVER;
import static dev.connectbridge.docker.Dock.SOON;
import static dev.connectbridge.docker.Dock.assertKind;
import static dev.connectbridge.docker.Dock.trap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.testing.RealDocker;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a real container is ended, and what is told of its end. */
class DockerEndIT {
  @RegisterExtension static final Dock dock = new Dock(RealDocker::get);

  @ParameterizedTest
  @CsvSource({"SIGINT, INT", "SIGHUP, HUP", "USR2, USR2"})
  void theTaskHearsTheSignalOfItsAuthor(String signal, String heard) throws Exception {
    TaskOrder order = dock.order(trap("INT HUP USR1 USR2 TERM")).killSignal(signal).make();
    dock.driver().start(order);
    dock.awaitReady();

    dock.driver().signal(order.id(), signal);

    assertThat(dock.awaitExit()).isEqualTo(Exit.code(7));
    dock.driver().forget(order.id());
    assertThat(dock.stdout()).isEqualTo("ready\nheard " + heard + "\n");
  }

  @Test
  void withoutASignalItIsTheImagesElseTerm() throws Exception {
    for (String from : List.of(dock.stopsByUsr1(), dock.image())) {
      TaskOrder order = dock.order(trap("INT HUP USR1 TERM")).with("image", from).make();
      Files.deleteIfExists(dock.log("stdout.0"));
      dock.driver().start(order);
      dock.awaitReady();

      dock.driver().signal(order.id(), "");

      assertThat(dock.awaitExit()).isEqualTo(Exit.code(7));
      dock.driver().forget(order.id());
      assertThat(dock.stdout())
          .endsWith(from.equals(dock.image()) ? "heard TERM\n" : "heard USR1\n");
    }
  }

  @Test
  void aTaskThatHearsNothingIsKilled() throws Exception {
    TaskOrder order = dock.order("trap '' TERM INT; echo ready; while :; do sleep 1; done").make();
    dock.driver().start(order);
    dock.awaitReady();
    dock.driver().signal(order.id(), "SIGTERM");
    assertThat(dock.isRunning()).isTrue();

    dock.driver().kill(order.id());

    assertThat(dock.awaitExit()).isEqualTo(Exit.signal(9));
    dock.driver().kill(order.id());
    dock.driver().signal(order.id(), "");
    dock.driver().forget(order.id());
    dock.driver().forget(order.id());
    dock.driver().signal(order.id(), "SIGTERM");
    assertThat(dock.driver().observe(Orders.OWNER)).isEmpty();
    assertThat(dock.engine().containers(Labels.OWNER)).isEmpty();
  }

  @Test
  void aSignalThatThereIsNotIsRefused() throws Exception {
    TaskOrder order = dock.order(FOREVER).make();
    dock.driver().start(order);

    assertThatThrownBy(() -> dock.driver().signal(order.id(), "SIGNONE"))
        .satisfies(e -> assertKind(e, Kind.REFUSED));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "125", "255"})
  void exitCodesAreReported(int code) throws Exception {
    assertThat(dock.run(dock.order("exit " + code)).exit()).contains(Exit.code(code));
  }

  @Test
  void anEndIsHeardOf() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    dock.driver().onExit(heard::incrementAndGet);
    await().atMost(SOON).until(() -> heard.get() > 0);
    TaskOrder order = dock.order(FOREVER).make();
    dock.driver().start(order);
    int before = heard.get();

    dock.driver().kill(order.id());

    await().atMost(SOON).until(() -> heard.get() > before);
  }
}
