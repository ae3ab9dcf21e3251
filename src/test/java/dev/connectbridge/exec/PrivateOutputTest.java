package dev.connectbridge.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateOutputTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path secrets;
  private Path file;
  private PrivateOutput output;

  @BeforeEach
  void name() {
    file = secrets.resolve("out.json");
    output = new PrivateOutput(file);
  }

  private static List<String> shell(String script) {
    return List.of("sh", "-c", script);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> names = Files.list(secrets)) {
      return names.map(name -> name.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatACommandPrintsIsForNobodyElse() throws IOException, TaskException {
    output.of(shell("echo printed; echo grumbled >&2"), Map.of(), LONG);

    assertThat(file).hasContent("printed\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(left()).containsExactly("out.json");
  }

  @Test
  void aCommandIsToldWhatItNeedsAndNothingElse() throws IOException, TaskException {
    output.of(List.of("env"), Map.of("CONSUL_HTTP_ADDR", "here"), LONG);

    assertThat(Files.readAllLines(file))
        .hasSize(2)
        .contains("CONSUL_HTTP_ADDR=here")
        .anyMatch(line -> line.startsWith("PATH="));
  }

  @Test
  void oneThatFailsSaysWhyAndLeavesWhatWasThere() throws IOException {
    Files.writeString(file, "before");

    assertThatThrownBy(() -> output.of(shell("echo half; echo no >&2; exit 3"), Map.of(), LONG))
        .isInstanceOf(TaskException.class)
        .hasMessage("sh: no")
        .extracting(error -> ((TaskException) error).kind())
        .isEqualTo(Kind.FAILED);
    assertThat(file).hasContent("before");
    assertThat(left()).containsExactly("out.json");
  }

  @Test
  void oneThatDoesNotAnswerIsEnded() throws IOException {
    assertThatThrownBy(() -> output.of(List.of("sleep", "600"), Map.of(), Duration.ofMillis(100)))
        .hasMessage("sleep has not answered within 0 s");
    assertThat(left()).isEmpty();
  }

  @Test
  void aCommandThatIsNotThereIsAMatterForSomebody() {
    assertThatThrownBy(() -> output.of(List.of("no-such-command"), Map.of(), LONG))
        .hasMessage("the no-such-command command is needed, and not in PATH")
        .extracting(error -> ((TaskException) error).kind())
        .isEqualTo(Kind.REFUSED);
  }

  @Test
  void aUserThatIsNamedByNumbersGetsTheFileAndItsDirectory() throws IOException, TaskException {
    output.of(shell("echo printed"), Map.of(), LONG);
    assumeThat(Files.getAttribute(file, "unix:uid")).isEqualTo(0);

    output.giveTo("envoy");
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(0);

    output.giveTo("4711:4712");
    for (Path path : List.of(file, secrets)) {
      assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(4711);
      assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(4712);
    }
  }
}
