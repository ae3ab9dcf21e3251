package dev.connectbridge.docker;

import static dev.connectbridge.docker.Dock.FOREVER;
import static dev.connectbridge.docker.Dock.SOON;
import static dev.connectbridge.docker.Dock.assertKind;
import static dev.connectbridge.docker.Dock.trap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskDriver.Ran;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.sidecar.TaskState.Exit;
import dev.connectbridge.spec.TaskSpec.Logs;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.testing.RealDocker;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the driver's own suite asks of Docker, asked of Podman in fewer containers. */
class PodmanIT {
  @RegisterExtension static final Dock dock = new Dock(RealDocker::podman);

  @Test
  void theWordsOfATaskAreSeenInItsContainer() throws Exception {
    Orders order =
        dock.order("id -u; env; cat /etc/motd; cat /secrets/token; echo b > /local/b")
            .user("0")
            .env("FOO", "a b=c")
            .env("NOMAD_META_color", "blue")
            .with("volumes", List.of("local/motd:/etc/motd:ro"))
            .with("labels", Orders.map("team", "a"))
            .resources(
                new Resources(
                    OptionalInt.of(250),
                    OptionalInt.empty(),
                    OptionalInt.of(24),
                    OptionalInt.empty()));
    Files.writeString(dock.directory().resolve("local/motd"), "from the host\n");
    Files.writeString(dock.directory().resolve("secrets/token"), "s3cret\n");

    TaskState state = dock.run(order);

    assertThat(state.exit()).contains(Exit.code(0));
    assertThat(dock.stdout().lines())
        .contains("0", "FOO=a b=c", "NOMAD_META_color=blue", "from the host", "s3cret");
    assertThat(dock.directory().resolve("local/b")).hasContent("b");
    JsonNode seen = dock.engine().inspect(state.handle());
    assertThat(seen.path("Name").asText()).isEqualTo("/connect-bridge-alloc-1.connect-proxy-api");
    assertThat(seen.at("/Config/Labels/connect-bridge.owner").asText()).isEqualTo(Orders.OWNER);
    assertThat(seen.at("/Config/Labels/team").asText()).isEqualTo("a");
    assertThat(seen.at("/HostConfig/NetworkMode").asText()).isEqualTo("host");
    assertThat(seen.at("/HostConfig/CpuShares").asInt()).isEqualTo(250);
    assertThat(seen.at("/HostConfig/Memory").asInt()).isEqualTo(24 << 20);
  }

  @Test
  void aTaskIsFoundAgainAndHearsItsSignal() throws Exception {
    TaskOrder order = dock.order(trap("INT TERM")).user("1000").killSignal("SIGINT").make();
    TaskState started = dock.driver().start(order);
    dock.awaitReady();
    dock.driver().close();
    dock.reconnect();

    assertThat(dock.driver().observe("somebody else")).isEmpty();
    assertThat(dock.driver().observe(Orders.OWNER)).containsExactly(started);
    Ran ran = dock.driver().run(order.id(), List.of("/bin/sh", "-c", "id -u; exit 3"), SOON);
    assertThat(ran).isEqualTo(new Ran(3, "1000\n"));
    dock.driver().signal(order.id(), "SIGINT");

    assertThat(dock.awaitExit()).isEqualTo(Exit.code(7));
    dock.driver().forget(order.id());
    assertThat(dock.stdout()).isEqualTo("ready\nheard INT\n");
    assertThat(dock.engine().containers(Labels.OWNER)).isEmpty();
  }

  @Test
  void withoutASignalItIsTheImages() throws Exception {
    TaskOrder order = dock.order(trap("TERM USR1")).with("image", dock.stopsByUsr1()).make();
    dock.driver().start(order);
    dock.awaitReady();

    dock.driver().signal(order.id(), "");

    assertThat(dock.awaitExit()).isEqualTo(Exit.code(7));
    dock.driver().forget(order.id());
    assertThat(dock.stdout()).endsWith("heard USR1\n");
  }

  /** Its service loses lines for whoever follows a container that ends. */
  @Test
  void theWholeOutputIsKeptInFilesOfASize() throws Exception {
    String script =
        """
        echo oops >&2
        seq -s " $(printf '%090d' 0)
        " 1 15000
        printf %s end
        """;

    dock.run(dock.order(script).logs(Logs.of(2, 1)));

    assertThat(dock.log("stderr.0")).hasContent("oops");
    assertThat(dock.log("stdout.2")).doesNotExist();
    List<String> firsts =
        (Files.readString(dock.log("stdout.1")) + dock.stdout())
            .lines()
            .map(line -> line.split(" ", 2)[0])
            .toList();
    assertThat(firsts.get(firsts.size() - 1)).isEqualTo("end");
    int first = Integer.parseInt(firsts.get(1));
    assertThat(firsts.subList(1, firsts.size() - 1))
        .isEqualTo(IntStream.rangeClosed(first, 15000).mapToObj(String::valueOf).toList());
  }

  @Test
  void anEndByForceIsHeardOf() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    dock.driver().onExit(heard::incrementAndGet);
    await().atMost(SOON).until(() -> heard.get() > 0);
    TaskOrder order = dock.order(FOREVER).make();
    dock.driver().start(order);
    int before = heard.get();

    dock.driver().kill(order.id());

    await().atMost(SOON).until(() -> heard.get() > before);
    assertThat(dock.awaitExit()).isEqualTo(Exit.signal(9));
    dock.driver().kill(order.id());
    dock.driver().signal(order.id(), "");
  }

  @Test
  void whatItsAuthorMustMendIsRefused() throws Exception {
    TaskOrder wrong =
        dock.order("").with("command", "/bin/nothing").env("TOKEN", "hunter22").make();

    assertThatThrownBy(() -> dock.driver().start(wrong))
        .satisfies(e -> assertKind(e, Kind.REFUSED))
        .hasMessageContaining("/bin/nothing")
        .hasMessageNotContaining("hunter22");
    assertThat(dock.engine().containers(Labels.OWNER)).isEmpty();

    TaskOrder right = dock.order(FOREVER).make();
    dock.driver().start(right);
    assertThatThrownBy(() -> dock.driver().signal(right.id(), "SIGNONE"))
        .satisfies(e -> assertKind(e, Kind.REFUSED));
  }
}
