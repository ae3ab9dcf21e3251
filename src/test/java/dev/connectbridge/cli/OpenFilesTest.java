package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.connectbridge.host.OwnerLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class OpenFilesTest {
  @TempDir private Path temp;
  private Path specs;
  private Path token;
  private Path config;

  @BeforeEach
  void write() throws IOException {
    specs = Files.createDirectory(temp.resolve("specs"));
    token = Files.writeString(temp.resolve("token"), "t");
    Files.writeString(specs.resolve("web.nomad.hcl"), "");
    Files.writeString(specs.resolve("notes.txt"), "");
    config =
        Files.writeString(
            temp.resolve("config.yaml"),
            "consul: {token_file: %1$s}\nspecs: [%2$s/specs]\n"
                .concat("data_dir: %2$s/data\nrun_dir: %2$s/run\ntasks: leave\n")
                .formatted(token, temp));
    allow(specs, "rwxr-xr-x");
    allow(specs.resolve("web.nomad.hcl"), "rw-r--r--");
    allow(specs.resolve("notes.txt"), "rw-r--r--");
    allow(token, "rw-r--r--");
    allow(temp, "rwxr-xr-x");
  }

  @Test
  void tokensAndSpecsThatEverybodyCanReadAreWarnedOf() {
    assertThat(doctor())
        .contains("WARN  files: 2 files (tokens, keys, specs) can be read by everybody")
        .contains(token.toString())
        .contains("web.nomad.hcl")
        .doesNotContain("notes.txt");
  }

  @Test
  void thoseOfAGroupAreNot() throws IOException {
    allow(specs.resolve("web.nomad.hcl"), "rw-r-----");
    allow(token, "rw-------");

    assertThat(doctor()).contains("OK    files: ");
  }

  @Test
  void norAreThoseBelowAClosedDirectory() throws IOException {
    allow(temp, "rwxr-x---");

    assertThat(doctor()).contains("OK    files: ");
  }

  @Test
  void theValuesOfVariablesAreWarnedOfAsWell() throws IOException {
    Path values = readable("prod.vars");
    allow(token, "rw-------");
    allow(specs.resolve("web.nomad.hcl"), "rw-r-----");

    assertThat(doctor("--var-file", values.toString()))
        .contains("WARN  files: 1 file (tokens, keys, specs) can be read by everybody")
        .contains(": " + values + "\n");
  }

  @Test
  void soIsASpecThatIsNamedItselfWhateverItsEnding() throws IOException {
    Path spec = readable("web.job");
    allow(token, "rw-------");

    assertThat(doctor(spec.toString()))
        .contains("WARN  files: 1 file (tokens, keys, specs) can be read by everybody")
        .contains(": " + spec + "\n");
  }

  @Test
  void runWarnsOfThemBeforeItBegins() throws IOException {
    Path values = readable("prod.vars");
    Logger logger = (Logger) LoggerFactory.getLogger(RunCommand.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    Path data = temp.resolve("data");
    try (OwnerLock taken = OwnerLock.ofDirectory(data).orElseThrow()) {
      assertThat(taken).isNotNull();
      assertThat(typed("run", "--var-file", values.toString()).exit()).isEqualTo(1);
    } finally {
      logger.detachAppender(log);
    }

    assertThat(log.list)
        .filteredOn(event -> event.getLevel() == Level.WARN)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("can be read by everybody on this machine"))
        .singleElement(STRING)
        .startsWith("3 files (tokens, keys, specs)")
        .contains(token.toString(), "web.nomad.hcl", values.toString());
  }

  private Path readable(String name) throws IOException {
    Path file = Files.writeString(temp.resolve(name), "");
    allow(file, "rw-r--r--");
    return file;
  }

  private String doctor(String... more) {
    return typed("doctor", more).out();
  }

  private Typed typed(String command, String... more) {
    List<String> line = new ArrayList<>(List.of(command, "--config", config.toString()));
    line.addAll(List.of(more));
    return Typed.in(Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:1"), line.toArray(String[]::new));
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
