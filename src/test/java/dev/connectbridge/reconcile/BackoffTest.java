package dev.connectbridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.resolve.Desired;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatMayWorkSoonIsTriedAgainAndWhatIsRefusedIsNot(Kind kind) {
    assertThat(new Backoff(() -> 1).after(failing(kind), Map.of()).isPresent())
        .isEqualTo(kind.retryable());
  }

  @Test
  void anAgentThatComesBackIsFoundWithinLessThanASecond() {
    assertThat(pauses(Kind.UNREACHABLE).getMax()).isBetween(600L, 700L);
    assertThat(pauses(Kind.NOT_SENT).getMax()).isBetween(600L, 700L);
  }

  @Test
  void pausesAreAnythingUpToTheCap() {
    LongSummaryStatistics failing = pauses(Kind.BROKEN);

    assertThat(failing.getMax()).isBetween(28_000L, 30_000L);
    assertThat(failing.getMin()).isLessThan(1_000);
    assertThat(failing.getAverage()).isBetween(13_000.0, 17_000.0);
  }

  @Test
  void oneThatIsAwayIsNotLeftAloneForWhatFailedAsWell() {
    Outcome both = failing(Kind.BROKEN, Kind.UNREACHABLE);

    Backoff backoff = new Backoff(() -> 1);
    for (int i = 0; i < 50; i++) {
      assertThat(backoff.after(both, Map.of()).orElseThrow()).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void whatIsParkedIsTriedAtItsOwnTimeHoweverOftenSomethingFailed() {
    Backoff backoff = new Backoff(() -> 1);
    Outcome one = failing(Kind.BROKEN);
    for (int i = 0; i < 50; i++) {
      backoff.after(one, Map.of("web", Duration.ofSeconds(30)));
    }

    assertThat(backoff.after(one, Map.of("web", Duration.ofSeconds(3), "gone", Duration.ZERO)))
        .contains(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @EnumSource(names = {"FORBIDDEN", "REFUSED"})
  void soIsWhatWasRefused(Kind kind) {
    assertThat(new Backoff(() -> 1).after(failing(kind), Map.of("web", Duration.ofMinutes(2))))
        .contains(Duration.ofMinutes(2));
  }

  @Test
  void ofAnAgentThatIsAwayNothingIsTriedAtItsOwnTime() {
    Backoff backoff = new Backoff(() -> 1);
    Map<String, Duration> due = Map.of("web", Duration.ZERO);

    backoff.after(failing(Kind.BROKEN, Kind.NOT_SENT), due);
    assertThat(backoff.after(failing(Kind.BROKEN, Kind.NOT_SENT), due))
        .contains(Duration.ofMillis(80));
  }

  @Test
  void whatHasNoTimeOfItsOwnIsTriedAsAnAgentThatFails() {
    Outcome outcome = failing(Kind.BROKEN);

    assertThat(new Backoff(() -> 1).after(outcome, Map.of("other", Duration.ZERO)))
        .contains(Duration.ofMillis(500));
  }

  private static LongSummaryStatistics pauses(Kind kind) {
    Backoff backoff = new Backoff(new SplittableRandom(7)::nextDouble);
    Outcome outcome = failing(kind);
    for (int i = 0; i < 10; i++) {
      assertThat(backoff.after(outcome, Map.of())).isPresent();
    }
    return LongStream.range(0, 1000)
        .map(i -> backoff.after(outcome, Map.of()).orElseThrow().toMillis())
        .summaryStatistics();
  }

  private static Outcome failing(Kind... kinds) {
    List<Failure> failures =
        Arrays.stream(kinds)
            .map(kind -> new Failure("web", new AgentException(kind, "as planned", null)))
            .toList();
    return new Outcome(Desired.NOTHING, Plan.NOTHING, failures, Optional.empty());
  }
}
