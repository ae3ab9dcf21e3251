package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.ConsulBinary;
import dev.connectbridge.testing.FreePorts;
import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn package} leaves behind, used as its user would. */
@RunsBeside
class DistributionIT {

  private static final Path TOP = Path.of("").toAbsolutePath();
  private static final Path DIST = TOP.resolve("target/dist");

  @TempDir private Path temp;

  private record Ended(int exitCode, String out, String err) {}

  @Test
  void tellsTheVersionOfTheBuild() throws Exception {
    Ended version = connectBridge("version");

    assertThat(version.err()).isEmpty();
    assertThat(version.out()).contains(Files.readString(DIST.resolve("VERSION")).strip());
    assertThat(version.exitCode()).isZero();
  }

  @Test
  void readsTheExampleFromAnyDirectory() throws Exception {
    Ended validate = connectBridge("validate", TOP.resolve("config/examples").toString());

    assertThat(validate.exitCode()).as(validate.out() + validate.err()).isZero();
  }

  @Test
  void sixtyFourIsForAMistakeOnTheCommandLine() throws Exception {
    Ended nonsense = connectBridge("nonsense");

    assertThat(nonsense.exitCode()).isEqualTo(64);
    assertThat(nonsense.out()).isEmpty();
  }

  @Test
  void bringsTheSchemaOfItsSpecs() {
    assertThat(DIST.resolve("schema/connect-bridge.schema.json"))
        .hasSameTextualContentAs(TOP.resolve("src/main/dist/schema/connect-bridge.schema.json"));
  }

  @Test
  void startsFromAnArchiveOfItsClasses() {
    assertThat(DIST.resolve("lib/connect-bridge.jsa")).isNotEmptyFile();
  }

  @Test
  void composeRunsTheProxiesOfTheSidecarsThatItsBridgeRegisters() throws Exception {
    Ended render =
        connectBridge("render", "--format", "json", TOP.resolve("config/examples").toString());

    List<String> proxies =
        Files.readAllLines(TOP.resolve("docker-compose.yml")).stream()
            .filter(line -> line.strip().startsWith("- _connect-bridge-"))
            .map(line -> line.strip().substring(2))
            .toList();
    assertThat(proxies)
        .hasSize(2)
        .allSatisfy(proxy -> assertThat(render.out()).contains('"' + proxy + '"'));
  }

  @Test
  void theDemoSendsARequestThroughTheMeshDrainsAGroupAndLeavesNothing() throws Exception {
    Ended ended = run(demo(FreePorts.pick(3)));

    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out())
        .containsPattern("count-api-sidecar-proxy +sidecar +\\S+ +passing")
        .containsPattern("count-dashboard-sidecar-proxy +sidecar +\\S+ +passing")
        .doesNotContain("critical")
        .contains("the count is 1")
        .containsPattern("absent from the catalog after .*\n.*: signalled after \\d")
        .contains("Drain complete! Proven")
        .contains("no count")
        .contains("deregistered all that it had registered");
    assertThat(temp.resolve("err")).hasSize(0);
    assertThat(demosLeft()).isEmpty();
  }

  @Test
  void theDemoSaysWhichPortsAreTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Integer> ports = new ArrayList<>(FreePorts.pick(2));
      ports.add(taken.getLocalPort());

      Ended ended = run(demo(ports));

      assertThat(ended.exitCode()).isEqualTo(1);
      assertThat(ended.err())
          .contains("somebody else listens on port " + taken.getLocalPort())
          .contains("COUNTDASH_PORTS=");
      assertThat(demosLeft()).isEmpty();
    }
  }

  private ProcessBuilder demo(List<Integer> ports) {
    ProcessBuilder demo = new ProcessBuilder("sh", TOP.resolve("src/demo/countdash.sh").toString());
    demo.environment().put("CONSUL_BIN", ConsulBinary.get().toString());
    demo.environment().put("TMPDIR", temp.toString());
    demo.environment()
        .put(
            "COUNTDASH_PORTS",
            ports.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    return demo;
  }

  private List<Path> demosLeft() throws IOException {
    try (Stream<Path> left = Files.list(temp)) {
      return left.filter(path -> path.getFileName().toString().startsWith("countdash")).toList();
    }
  }

  private Ended connectBridge(String... arguments) throws Exception {
    ProcessBuilder command = new ProcessBuilder(DIST.resolve("bin/connect-bridge").toString());
    command.command().addAll(List.of(arguments));
    return run(command.directory(temp.toFile()));
  }

  private Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = temp.resolve("out");
    Path err = temp.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    boolean ended = process.waitFor(3, TimeUnit.MINUTES);
    process.destroy();
    assertThat(ended).as("ended within 3 minutes").isTrue();
    return new Ended(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
