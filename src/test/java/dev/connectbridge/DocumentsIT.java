package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.RealConsul;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents tell a reader to type does what they say. */
class DocumentsIT {

  private static final Path TOP = Path.of("").toAbsolutePath();
  private static final Pattern SHELL = Pattern.compile("(?s)\n```sh\n(.*?)\n```\n");

  @TempDir private Path temp;

  private record Ended(int exitCode, String out) {}

  @Test
  void theReadmeBeginsWithItsTwoCommands() throws IOException {
    assertThat(blocks(TOP.resolve("README.md")))
        .startsWith("sh src/demo/countdash.sh", "mvn verify");
  }

  @Test
  void everyOtherCommandOfTheDocumentsRuns() throws Exception {
    for (Path document : documents()) {
      List<String> blocks = blocks(document);
      boolean readme = document.endsWith("README.md");
      for (String block : blocks.subList(readme ? 2 : 0, blocks.size())) {
        try (RealConsul consul = RealConsul.dev()) {
          Ended ended = run(consul, "sh", "-eu", "-c", block);

          assertThat(ended.exitCode()).as(document + "\n" + block + "\n" + ended.out()).isZero();
        }
      }
    }
  }

  @Test
  void theExampleOfTheLibraryKeepsTwoGroupsUntilEnter() throws Exception {
    try (RealConsul consul = RealConsul.dev()) {
      Path out = temp.resolve("example");
      String agent = consul.address().replace("http://", "");
      Process scheduler =
          command(
                  consul,
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  "target/dist/lib/connect-bridge.jar",
                  "src/docs/example/Scheduler.java",
                  agent)
              .redirectOutput(out.toFile())
              .start();
      try {
        Awaitility.await("four registrations")
            .atMost(Duration.ofSeconds(40))
            .until(() -> held(consul) == 4 || !scheduler.isAlive());
        scheduler.getOutputStream().write('\n');
        scheduler.getOutputStream().close();

        assertThat(scheduler.waitFor(30, TimeUnit.SECONDS)).isTrue();
      } finally {
        scheduler.destroyForcibly();
      }

      String said = Files.readString(out, UTF_8);
      assertThat(scheduler.exitValue()).as(said).isZero();
      assertThat(said)
          .contains("+ count-api will be created (from scheduler/countdash.api[0])")
          .contains("Plan: 1 to add, 0 to change, 0 to destroy.")
          .contains("Both are deregistered.");
      assertThat(held(consul)).isZero();
    }
  }

  private static long held(RealConsul consul) {
    return Pattern.compile("\"ID\": ?\"_connect-bridge-")
        .matcher(consul.get("/v1/agent/services"))
        .results()
        .count();
  }

  private Ended run(RealConsul consul, String... words) throws Exception {
    Path out = Files.createTempFile(temp, "out", "");
    Process process =
        command(consul, words).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as("ended within 2 minutes").isTrue();
    return new Ended(process.exitValue(), Files.readString(out, UTF_8));
  }

  private ProcessBuilder command(RealConsul consul, String... words) {
    ProcessBuilder command = new ProcessBuilder(words).directory(TOP.toFile());
    command.environment().put("CONSUL_HTTP_ADDR", consul.address().replace("http://", ""));
    command.environment().put("JAVA_HOME", System.getProperty("java.home"));
    command.environment().put("XDG_RUNTIME_DIR", temp.toString());
    List.of("CONSUL_HTTP_TOKEN", "CONSUL_HTTP_TOKEN_FILE", "CONSUL_HTTP_SSL")
        .forEach(command.environment()::remove);
    return command;
  }

  private static List<String> blocks(Path document) throws IOException {
    return SHELL
        .matcher(Files.readString(document, UTF_8))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(TOP.resolve("src/docs"))) {
      return Stream.concat(Stream.of(TOP.resolve("README.md")), docs.sorted())
          .filter(path -> path.toString().endsWith(".md"))
          .toList();
    }
  }
}
