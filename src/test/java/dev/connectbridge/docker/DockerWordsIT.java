package dev.connectbridge.docker;

import static dev.connectbridge.docker.Dock.FOREVER;
import static dev.connectbridge.docker.Dock.SOON;
import static dev.connectbridge.docker.Dock.assertKind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskOrder;
import dev.connectbridge.sidecar.TaskState;
import dev.connectbridge.spec.TaskSpec.Resources;
import dev.connectbridge.testing.RealDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What each word of a task does to a real container. */
class DockerWordsIT {
  @RegisterExtension static final Dock dock = new Dock(RealDocker::get);

  @Test
  void nameAndDriverAreSeenInTheEngine() throws Exception {
    TaskOrder order = dock.order("echo hello; " + FOREVER).make();

    TaskState state = dock.driver().start(order);

    JsonNode seen = dock.engine().inspect(state.handle());
    assertThat(state.isRunning()).isTrue();
    assertThat(seen.path("Name").asText()).isEqualTo("/connect-bridge-alloc-1.connect-proxy-api");
    JsonNode labels = seen.at("/Config/Labels");
    assertThat(labels.path("connect-bridge.owner").asText()).isEqualTo(Orders.OWNER);
    assertThat(labels.path("connect-bridge.task").asText()).isEqualTo("alloc-1.connect-proxy-api");
    assertThat(labels.path("connect-bridge.group").asText()).isEqualTo("job.group[0]");
    assertThat(labels.path("connect-bridge.hash").asText()).isEqualTo("hash-1");
    assertThat(labels.path("connect-bridge.schema").asText()).isEqualTo("1");
    assertThat(seen.at("/HostConfig/NetworkMode").asText()).isEqualTo("host");
    assertThat(seen.at("/HostConfig/RestartPolicy/Name").asText()).isEqualTo("no");
    await().atMost(SOON).untilAsserted(() -> assertThat(dock.stdout()).isEqualTo("hello\n"));
    assertThat(dock.driver().start(order).handle()).isEqualTo(state.handle());
  }

  @Test
  void theUserIsTheAuthorsElseTheImages() throws Exception {
    dock.run(dock.order("id -u").user("1000:1000"));
    assertThat(dock.stdout()).isEqualTo("1000\n");

    dock.run(dock.order("id -un").with("image", dock.stopsByUsr1()));
    assertThat(dock.stdout()).isEqualTo("1000\nproxy\n");
  }

  @Test
  void theConfigIsWhatTheContainerIsMadeOf() throws Exception {
    Orders order = dock.order("");
    Files.writeString(dock.directory().resolve("local/motd"), "from the host\n");
    TaskState state =
        dock.run(
            order
                .with("entrypoint", List.of("/bin/sh", "-c"))
                .with("command", "cat /etc/motd; echo \"$@\"; touch /x || echo read-only")
                .with("args", List.of("zero", "one", "two"))
                .with("volumes", List.of("local/motd:/etc/motd:ro"))
                .with("network_mode", "none")
                .with("readonly_rootfs", "true")
                .with("cap_drop", List.of("ALL"))
                .with("ulimit", Orders.map("nofile", "512:1024"))
                .with("labels", Orders.map("team", "a")));

    assertThat(dock.stdout()).startsWith("from the host\none two\n").contains("read-only");
    JsonNode seen = dock.engine().inspect(state.handle());
    assertThat(seen.at("/HostConfig/NetworkMode").asText()).isEqualTo("none");
    assertThat(seen.at("/HostConfig/CapDrop/0").asText()).isEqualTo("ALL");
    assertThat(seen.at("/HostConfig/Ulimits/0/Soft").asInt()).isEqualTo(512);
    assertThat(seen.at("/Config/Labels/team").asText()).isEqualTo("a");
  }

  @Test
  void anOptionThatNobodyKnowsStartsNothing() {
    TaskOrder order = dock.order("true").with("netwrok_mode", "host").make();

    assertThat(dock.driver().refusals(order)).singleElement().asString().contains("network_mode");
    assertThatThrownBy(() -> dock.driver().start(order))
        .satisfies(e -> assertKind(e, Kind.REFUSED));
    assertThat(dock.engine().containers(Labels.OWNER)).isEmpty();
  }

  /** Meta reaches a task by its environment alone. */
  @Test
  void theEnvironmentIsTheOrdersOnTopOfTheImages() throws Exception {
    dock.run(
        dock.order("env")
            .env("FOO", "a b=c")
            .env("EMPTY", "")
            .env("NOMAD_META_color", "blue")
            .env("NOMAD_ADDR_api", "127.0.0.1:9001"));

    assertThat(
            dock.stdout()
                .lines()
                .filter(line -> !line.matches("(HOSTNAME|HOME|PWD|SHLVL|PATH)=.*")))
        .containsExactlyInAnyOrder(
            "FOO=a b=c", "EMPTY=", "NOMAD_META_color=blue", "NOMAD_ADDR_api=127.0.0.1:9001");
  }

  @Test
  void theDirectoriesAreWhereItIsTold() throws Exception {
    TaskOrder order = dock.order("cat /secrets/token; echo a > /alloc/a; echo b > /local/b").make();
    Files.writeString(dock.directory().resolve("secrets/token"), "s3cret");

    dock.run(order);

    assertThat(dock.driver().seenBy(order.dirs()).secrets()).isEqualTo(Path.of("/secrets"));
    assertThat(dock.stdout()).isEqualTo("s3cret");
    assertThat(dock.directory().resolve("alloc/a")).hasContent("a");
    assertThat(dock.directory().resolve("local/b")).hasContent("b");
  }

  @Test
  void resourcesAreLimits() throws Exception {
    TaskState state =
        dock.run(
            dock.order(
                    "cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes")
                .resources(
                    new Resources(
                        OptionalInt.of(250),
                        OptionalInt.empty(),
                        OptionalInt.of(16),
                        OptionalInt.of(24))));

    assertThat(dock.stdout()).isEqualTo((24 << 20) + "\n");
    JsonNode host = dock.engine().inspect(state.handle()).path("HostConfig");
    assertThat(host.path("CpuShares").asInt()).isEqualTo(250);
    assertThat(host.path("MemoryReservation").asInt()).isEqualTo(16 << 20);
  }

  @Test
  void aTaskThatTakesTooMuchMemoryIsSeenToDieOfIt() throws Exception {
    dock.run(dock.order("tail /dev/zero").resources(Resources.of(100, 8)));

    // The engine hears of the end and of its cause by two ways.
    await().atMost(SOON).until(() -> dock.awaitExit().outOfMemory());
    assertThat(dock.awaitExit().toString()).contains("out of memory");
  }

  @Test
  void wholeCoresAreAShareAndAWarning() throws Exception {
    TaskOrder order =
        dock.order("true")
            .resources(
                new Resources(
                    OptionalInt.empty(),
                    OptionalInt.of(2),
                    OptionalInt.empty(),
                    OptionalInt.empty()))
            .make();

    assertThat(dock.driver().warnings(order)).anyMatch(warning -> warning.contains("cores"));
    assertThat(dock.driver().warnings(dock.order("true").make())).isEmpty();
    assertThat(dock.engine().inspect(dock.run(order).handle()).at("/HostConfig/CpuShares").asInt())
        .isEqualTo(2048);
  }
}
