package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Observed.Foreign;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastListedTest {
  private static final Reply NO_CHECKS = reply("{}");

  private final LastListed last = new LastListed();

  private static Reply reply(String text) {
    return new Reply("GET /", 200, "application/json", text);
  }

  private static Reply web(int port) {
    return reply("{\"web\":{\"ID\":\"web\",\"Service\":\"web\",\"Port\":%d}}".formatted(port));
  }

  @Test
  void whatIsSaidAgainIsNotReadAgain() throws Exception {
    Observed first = last.of(web(80), NO_CHECKS);

    Observed second = last.of(web(80), reply("{}"));

    assertThat(second).isSameAs(first);
  }

  @Test
  void whatIsSaidOtherwiseIsRead() throws Exception {
    last.of(web(80), NO_CHECKS);

    Observed other = last.of(web(81), NO_CHECKS);

    assertThat(other.foreign()).isEqualTo(List.of(new Foreign("web", "web", 81)));
  }

  @Test
  void otherChecksAreReadToo() throws Exception {
    last.of(web(80), NO_CHECKS);

    assertThatThrownBy(() -> last.of(web(80), reply("[")))
        .isInstanceOfSatisfying(
            AgentException.class, e -> assertThat(e.kind()).isEqualTo(Kind.GARBLED));
  }

  @Test
  void theSameTextWithAnotherStatusIsARefusal() throws Exception {
    last.of(web(80), NO_CHECKS);

    assertThatThrownBy(
            () -> last.of(new Reply("GET /", 500, "application/json", web(80).text()), NO_CHECKS))
        .isInstanceOf(AgentException.class);
  }
}
