package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.connectbridge.consul.AgentCalls.Answer;
import dev.connectbridge.consul.AgentException.Kind;
import java.time.Duration;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class AgentBreakerTest {
  private Duration now = Duration.ofHours(3);
  private final AgentBreaker breaker = new AgentBreaker(() -> now);

  @ParameterizedTest
  @EnumSource(names = {"UNREACHABLE", "TIMEOUT"})
  void fiveFailuresInARowOpenIt(Kind kind) {
    for (int i = 0; i < 5; i++) {
      assertThat(breaker.isClosed()).isTrue();
      write(kind);
    }

    assertThat(breaker.isClosed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"UNREACHABLE", "TIMEOUT"},
      mode = Mode.EXCLUDE)
  void whatIsAboutOneItemAloneDoesNot(Kind kind) {
    for (int i = 0; i < 50; i++) {
      write(kind);
    }

    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void anAgentThatAnswersWithErrorsOfItsOwnOpensIt() throws AgentException {
    for (int i = 0; i < 5; i++) {
      breaker.write(() -> answer(500, "text/plain", "boom"));
    }

    assertThat(breaker.isClosed()).isFalse();
  }

  @Test
  void healthAndUnknownServicesAndRefusalsAreAnswers() throws AgentException {
    for (int i = 0; i < 50; i++) {
      breaker.read(() -> answer(503, "application/json", "{}"));
      breaker.write(() -> answer(500, "text/plain", "Unknown service {\"a\" {}}"));
      breaker.write(() -> answer(500, "text/plain", "Bad request: no port"));
      breaker.write(() -> answer(403, "text/plain", "Permission denied"));
    }

    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void noTimeClosesItButAnAnswerToAReadDoesAtOnce() throws AgentException {
    open();
    now = now.plusHours(1);
    assertThat(breaker.isClosed()).isFalse();

    breaker.read(() -> answer(200, "application/json", "{}"));

    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void aReadInTheMomentOfOpeningIsBelievedAsWell() throws AgentException {
    open();

    breaker.read(() -> answer(403, "text/plain", "Permission denied"));

    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void aReadThatFailsKeepsItOpenAndTheNextIsTriedAllTheSame() throws AgentException {
    open();
    for (int i = 0; i < 20; i++) {
      now = now.plusSeconds(1);
      assertThat(catchThrowable(() -> breaker.read(() -> fail(Kind.UNREACHABLE)))).isNotNull();
      assertThat(breaker.isClosed()).isFalse();
    }
    breaker.read(() -> answer(500, "text/plain", "boom"));
    assertThat(breaker.isClosed()).isFalse();

    breaker.read(() -> answer(404, "text/plain", "unknown service ID"));

    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void oneReadThatHangsKeepsNoOtherFromClosingIt() throws AgentException {
    open();
    now = now.plusSeconds(1);

    assertThat(catchThrowable(() -> breaker.read(this::hangWhileAnotherWorks)))
        .hasMessage("as planned");

    assertThat(breaker.isClosed()).isTrue();
  }

  private Answer hangWhileAnotherWorks() throws AgentException {
    breaker.read(() -> answer(200, "application/json", "{}"));
    assertThat(breaker.isClosed()).isTrue();
    return fail(Kind.TIMEOUT);
  }

  private void open() {
    for (int i = 0; i < 5; i++) {
      write(Kind.UNREACHABLE);
    }
    assertThat(breaker.isClosed()).isFalse();
  }

  private void write(Kind kind) {
    assertThat(catchThrowable(() -> breaker.write(() -> fail(kind)))).isNotNull();
  }

  private static Answer fail(Kind kind) throws AgentException {
    throw new AgentException(kind, "as planned", null);
  }

  private static Answer answer(int status, String type, String text) {
    return new Answer(new Reply("PUT /", status, type, text), Headers.EMPTY);
  }
}
