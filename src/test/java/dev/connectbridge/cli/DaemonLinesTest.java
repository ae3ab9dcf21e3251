package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/** What a daemon's answers look like to people. */
class DaemonLinesTest {
  private static final String TASKS =
      """
      "tasks": [{"task": "a1.connect-proxy-api", "signal_ms": 5001, "kill_ms": null,
        "exit_ms": 5040, "exit": "exit code 0"}]
      """;

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void aDrainThatWasProven() {
    Golden.matches(
        "drain.txt",
        DrainLines.of(
            json(
                """
                {"group": "countdash.api[0]", "services": ["one"], "verdict": "PROVEN",
                 "deregistered_at_agent_ms": 12, "absent_from_catalog_ms": 50,
                 "margin_ms": 4950, %s}
                """
                    .formatted(TASKS))));
  }

  @Test
  void aDrainThatWasNotProven() {
    Golden.matches(
        "drain-not-proven.txt",
        DrainLines.of(
            json(
                """
                {"group": "countdash.api[0]", "services": ["one", "two"], "verdict": "NOT_PROVEN",
                 "deregistered_at_agent_ms": 12, "absent_from_catalog_ms": null,
                 "margin_ms": null, "reason": "the servers did not answer", "tasks": [
                   {"task": "t", "signal_ms": 2000, "kill_ms": 7000, "exit_ms": 7002,
                    "exit": "signal SIGKILL"}]}
                """)));
  }

  @Test
  void aDrainThatWasCancelled() {
    assertThat(
            DrainLines.of(json("{\"group\": \"g\", \"services\": [], \"verdict\": \"CANCELLED\"}")))
        .endsWith("Drain cancelled: it is wanted again, and keeps its tasks.\n");
  }

  @Test
  void ghostsAreListedWithTheWayToLayThemToRest() {
    String ghost =
        "{\"id\": \"web-1\", \"group\": \"a.b[0]\", \"since\": \"2026-01-31T12:00:00Z\"}";

    assertThat(GhostsCommand.list(json("{\"ghosts\": []}"))).isEqualTo("No ghosts.\n");
    assertThat(GhostsCommand.list(json("{\"ghosts\": [" + ghost + "]}")))
        .isEqualTo(
            """
            Ghost: web-1 of a.b[0] is in the catalog since 2026-01-31T12:00:00Z, although the agent does not hold it
              connect-bridge ghosts --remove web-1
            """);
  }

  @Test
  void aDaemonWithWork() {
    Golden.matches(
        "status.txt",
        StatusLines.of(
            json(
                """
                {"drains": [{"group": "countdash.api[0]", "cause": "command",
                   "deregistered_at_agent_ms": 12, "absent_from_catalog_ms": null,
                   "tasks": [{"task": "a1.connect-proxy-api", "signal_ms": null, "kill_ms": null,
                     "exit_ms": null, "exit": ""}]}],
                 "not_proven": 1, "held": ["countdash.api[0]", "other.x[1]"],
                 "ready": ["countdash.dashboard[0]"],
                 "tasks": [
                   {"id": "a1.connect-proxy-api", "group": "countdash.api[0]",
                    "driver": "raw_exec", "state": "leaving", "handle": "pid 7", "restarts": 0,
                    "detail": ""},
                   {"id": "b.connect-proxy-dash", "group": "countdash.dashboard[0]",
                    "driver": "docker", "state": "failed", "handle": "", "restarts": 3,
                    "detail": "no such image"}],
                 "entries": [
                   {"id": "w1", "group": "countdash.api[0]", "conditions": [
                     {"type": "AgentRegistered", "status": "false", "well": false,
                      "since": "2026-01-01T05:00:00Z", "reason": "the agent does not hold it",
                      "last_error": "403", "next_try": "2026-01-01T05:00:30Z"}]}],
                 "ghosts": [{"id": "g1", "group": "old.api[0]", "since": "2026-01-01T05:00:00Z"}],
                 "connections": {"proxies": 1, "needed": 4, "limit": 200},
                 "warnings": ["cgroups cannot be written"]}
                """)));
  }

  @Test
  void aDaemonWithoutWork() {
    assertThat(
            StatusLines.of(
                json(
                    """
                    {"drains": [], "not_proven": 0, "held": [], "tasks": [], "entries": [],
                     "connections": {"proxies": 0, "needed": 0, "limit": 200}, "warnings": []}
                    """)))
        .isEqualTo(
            """
            No tasks.

            No drain is under way.
            Entries: 0 of 0 are well
            Ready: nothing
            Held back: nothing
            Drains not proven since the start: 0
            """);
  }

  @Test
  void whoWasNotAskedIsNotIllAndSaidToBeUnasked() {
    assertThat(
            ConvergenceLines.of(
                json(
                    """
                    {"entries": [
                      {"id": "w1", "group": "a.b[0]", "conditions": [
                        {"type": "AgentRegistered", "status": "true", "well": true}]}],
                     "ghosts": [], "unasked": ["a.b[0]"]}
                    """)))
        .isEqualTo(
            """
            Entries: 1 of 1 are well
            Not asked this time whether they are ready: 1 group; all are asked in turn
            """);
  }

  @Test
  void whatWasRefusedIsToldWhereItHasNoEntries() {
    assertThat(
            ConvergenceLines.of(
                json("{\"entries\": [], \"problems\": [\"shop.hcl:1:5: no job (job)\"]}")))
        .isEqualTo(
            """
            Entries: 0 of 0 are well
            Refused: shop.hcl:1:5: no job (job)
            """);
  }

  @Test
  void whatIsNotKnownIsNeitherIllNorWell() {
    String unseen =
        """
        {"id": "w%d", "group": "a.b[0]", "conditions": [
          {"type": "AgentRegistered", "status": "unknown", "well": false,
           "reason": "the agent cannot be seen"},
          {"type": "CatalogConverged", "status": "true", "well": true}]}
        """;

    assertThat(ConvergenceLines.of(json("{\"entries\": [%s, %s]}".formatted(unseen, unseen))))
        .isEqualTo(
            """
            Entries: 0 of 2 are well
            Not known of 2 entries: AgentRegistered (the agent cannot be seen)
            """);
  }

  @Test
  void aDaemonThatWithholdsSomethingSaysHowToGoOn() {
    assertThat(
            StatusLines.withheld(
                json(
                    """
                    {"digest": "d1", "groups": ["a.b[0]", "c.d[0]"], "why": "it is too much",
                     "remedy": "consent", "consentable": true}
                    """)))
        .isEqualTo(
            """
            Withheld: a.b[0], c.d[0] would be deregistered, and stay: it is too much
              consent: connect-bridge approve d1
            """);
  }

  @Test
  void whatWasLookedAt() {
    List<Symptom> symptoms =
        List.of(
            Symptom.ok("agent", "n1 answers"),
            Symptom.warn("data directory", "open to others", "chmod 0700"),
            Symptom.fail("connect", "disabled", "enable it"));

    Golden.matches("doctor.txt", Symptom.text(symptoms));
    Golden.matches("doctor.json", Documents.text(Symptom.document(symptoms)));
  }

  @Test
  void aSpanOfTimeIsWrittenAsInSpecs() {
    SpanOfTime span = new SpanOfTime();

    assertThat(span.convert("1m30s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(span.convert("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThatThrownBy(() -> span.convert("30")).isInstanceOf(TypeConversionException.class);
    assertThatThrownBy(() -> span.convert("-1s")).isInstanceOf(TypeConversionException.class);
  }
}
