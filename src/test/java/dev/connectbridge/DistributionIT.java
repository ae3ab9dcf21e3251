package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.ConsulBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn package} leaves behind, used as its user would. */
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
  void theDemoShowsCountdashAndLeavesNothing() throws Exception {
    ProcessBuilder demo = new ProcessBuilder("sh", TOP.resolve("src/demo/countdash.sh").toString());
    demo.environment().put("CONSUL_BIN", ConsulBinary.get().toString());
    demo.environment().put("TMPDIR", temp.toString());

    Ended ended = run(demo);

    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out())
        .contains("count-api-sidecar-proxy", "count-dashboard-sidecar-proxy")
        .contains("Connect Sidecar Listening", "connection refused")
        .contains("deregistered all that it had registered");
    assertThat(temp.resolve("err")).hasSize(0);
    try (var left = Files.list(temp)) {
      assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("countdash"));
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
