package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.ConnectSpec.SidecarTask;
import dev.connectbridge.spec.TaskSpec;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP API's job JSON. */
class ApiJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"CanaryTags\": null",
        "\"CanaryTags\": []",
        "\"CanaryMeta\": {}",
        "\"Namespace\": \"default\"",
        "\"Provider\": \"\"",
        "\"Weights\": {\"Passing\": 1, \"Warning\": 1}",
        "\"Identity\": null",
        "\"Connect\": {\"Native\": false, \"Gateway\": null}",
        "\"Connect\": {\"SidecarService\": {\"Proxy\": {\"Expose\": {\"Paths\": null}}}}",
        "\"Connect\": {\"SidecarTask\": {\"Resources\": {\"Cores\": 0, \"Networks\": []}}}",
        "\"FromTheFuture\": 0",
        "\"Id\": \"\""
      })
  void whatSaysNothingIsFine(String fields) {
    assertThat(Texts.problems("x.json", Texts.apiService(fields))).isEmpty();
    assertThat(Texts.warnings("x.json", Texts.apiService(fields))).isEmpty();
  }

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "\"Namespace\": \"other\"             | 2:1: namespace is not supported yet",
      "\"Checks\": {}                       | 2:11: expected a list of objects, found an object",
      "\"Connect\": []                      | 2:12: expected an object, found a list",
      "\"Checks\": [{\"Type\": \"tcp\", \"Interval\": 1.5}] | 2:40: expected whole nanoseconds, found 1.5",
      "\"Checks\": [{}]                     | 2:12: Type is required",
      "\"Tags\": \"a\"                      | 2:9: expected a list of texts, found \"a\"; write [\"a\"]",
  })
  // spotless:on
  void whatIsWrongIsNamedWhereItStands(String fields, String problem) {
    assertThat(Texts.problems("x.json", Texts.apiService(fields))).containsExactly(problem);
  }

  @Test
  void anUnknownFieldOfAServiceThatSaysSomethingIsAWarning() {
    String text =
        Texts.apiService("\"PortLable\": \"http\", \"Connect\": {\"SidecarTask\": {\"X\": 1}}");

    assertThat(Texts.problems("x.json", text)).isEmpty();
    assertThat(Texts.warnings("x.json", text))
        .containsExactly(
            "2:1: unknown field \"PortLable\" in service is ignored; did you mean \"PortLabel\"?",
            "2:50: unknown field \"X\" in sidecar_task is ignored");
  }

  @Test
  void fieldsAroundTheServicesAreNotOurConcern() {
    String text =
        "{\"ID\": \"j\", \"New\": 1, \"TaskGroups\": [{\"Name\": \"g\", \"New\": 1,"
            + " \"Tasks\": [{\"Name\": \"t\", \"New\": 1}]}]}";

    assertThat(Texts.problems("x.json", text)).isEmpty();
    assertThat(Texts.warnings("x.json", text)).isEmpty();
    assertThat(SpecParser.parse("x.json", text).jobs()).hasSize(1);
  }

  @Test
  void nullIsNotSetAndZeroIs() {
    SidecarTask task =
        sidecarTask(
            "\"Connect\": {\"SidecarTask\": {\"KillTimeout\": null, \"ShutdownDelay\": 0,"
                + " \"Resources\": {\"CPU\": 0, \"MemoryMB\": null}, \"LogConfig\": null}}");

    assertThat(task.killTimeout()).isEmpty();
    assertThat(task.shutdownDelay()).contains(Duration.ZERO);
    assertThat(task.resources())
        .isEqualTo(
            new TaskSpec.Resources(
                OptionalInt.of(0), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()));
    assertThat(task.logs()).isEqualTo(TaskSpec.Logs.UNSAID);
  }

  @Test
  void aSpanOfTimeMayBeATextHereToo() {
    assertThat(
            sidecarTask("\"Connect\": {\"SidecarTask\": {\"KillTimeout\": \"7s\"}}").killTimeout())
        .contains(Duration.ofSeconds(7));
  }

  private static SidecarTask sidecarTask(String fields) {
    return SpecParser.parse("x.json", Texts.apiService(fields))
        .jobs()
        .get(0)
        .groups()
        .get(0)
        .services()
        .get(0)
        .connect()
        .orElseThrow()
        .sidecarTask()
        .orElseThrow();
  }

  @Test
  void whatANetworkSaysBesideItsPortsIsIgnored() {
    String text =
        "{\"ID\": \"j\", \"TaskGroups\": [{\"Name\": \"g\", \"Networks\": [{\"Mode\": \"bridge\","
            + " \"DNS\": {\"Servers\": [\"1.1.1.1\"]}, \"CNI\": {\"Args\": {}}, \"IP\": \"10.0.0.1\","
            + " \"MBits\": 10, \"Hostname\": \"h\", \"DynamicPorts\": null}]}]}";

    assertThat(Texts.problems("x.json", text)).isEmpty();
    assertThat(Texts.warnings("x.json", text)).isEmpty();
  }
}
