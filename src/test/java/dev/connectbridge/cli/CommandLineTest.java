package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String WEB = "src/test/resources/cli/web.nomad.hcl";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "--nothing",
        "validate",
        "render",
        "plan",
        "sync",
        "version extra",
        "run --config",
        "render --format xml " + WEB,
        "render --owner a/b " + WEB,
        "sync --node n " + WEB,
        "validate --data-dir d " + WEB,
        "drain",
        "drain --deadline 3 g",
        "resume",
        "status extra",
        "approve one two",
        "adopt",
        "release",
        "forget",
        "ghosts --remove",
        "ghosts one",
      })
  void whatMakesNoSenseIsUsageOnStderrAnd64(String line) {
    Typed typed = Typed.of(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(typed.exit()).isEqualTo(64);
    assertThat(typed.out()).isEmpty();
    assertThat(typed.err()).contains("Usage: connect-bridge");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-h",
        "run --help",
        "sync -h",
        "plan -h",
        "validate -h",
        "render -h",
        "status -h",
        "drain -h",
        "resume -h",
        "approve -h",
        "adopt -h",
        "release -h",
        "forget -h",
        "ghosts -h",
        "doctor -h",
        "version -h"
      })
  void helpIsAResult(String line) {
    Typed typed = Typed.of(line.split(" "));

    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).startsWith("Usage: connect-bridge");
    assertThat(typed.err()).isEmpty();
  }

  @Test
  void theVersionIsTheOneThatWasBuilt() {
    assertThat(Typed.of("version").out()).matches("connect-bridge [0-9]+\\.[0-9]+\\.[0-9]+\\S*\n");
    assertThat(Typed.of("--version").out()).isEqualTo(Typed.of("version").out());
    JsonNode json = Typed.of("version", "--format", "json").json();
    assertThat("connect-bridge " + json.path("version").asText() + "\n")
        .isEqualTo(Typed.of("version").out());
    assertThat(json.path("name").asText()).isEqualTo("connect-bridge");
    assertThat(json.path("java").asText()).isEqualTo(Runtime.version().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"validate", "render", "plan", "sync", "run"})
  void aConfigurationThatCannotBeUsedIsAnError(String command) {
    Typed typed = Typed.of(command, "--config", "/nowhere.yaml", "--format", "json", WEB);

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out()).isEmpty();
    assertThat(typed.err())
        .isEqualTo(
            """
            /nowhere.yaml:1:1: error: there is no such file
            connect-bridge: the configuration cannot be used
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "sync", "run"})
  void aTokenFileThatIsMissingIsAnErrorWhereAnAgentIsAsked(String command, @TempDir Path temp) {
    String[] line =
        command.equals("run")
            ? new String[] {"run", "--data-dir", temp.toString(), WEB}
            : new String[] {command, WEB};

    Typed typed = Typed.in(Map.of("CONSUL_HTTP_TOKEN_FILE", "/nowhere"), line);

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out()).isEmpty();
    assertThat(typed.err())
        .contains("the token file /nowhere cannot be read: there is no such file");
  }

  @Test
  void offlineNobodyNeedsAToken() {
    Map<String, String> environment = Map.of("CONSUL_HTTP_TOKEN_FILE", "/nowhere");

    assertThat(Typed.in(environment, "validate", WEB).exit()).isZero();
  }
}
