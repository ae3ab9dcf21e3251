package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.ConsulAgent.Pace;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrafficTest {
  private Duration now = Duration.ofHours(3);
  private final Traffic traffic = new Traffic(new Pace(20, 50), () -> now);

  @Test
  void allLanesTogetherStayFarBelowWhatAnAgentGivesAClient() {
    assertThat(Arrays.stream(Lane.values()).mapToInt(Lane::connections).sum())
        .isLessThanOrEqualTo(100);
  }

  @ParameterizedTest
  @EnumSource(Lane.class)
  void aFullLaneRefusesAtOnceAndHoldsUpNoOther(Lane full) throws AgentException {
    for (int i = 0; i < full.connections(); i++) {
      traffic.enter(full, "GET /");
    }

    assertThat(refusal(full)).hasMessageContaining("not sent").hasMessageContaining("under way");
    for (Lane other : Lane.values()) {
      if (other != full) {
        pass(other);
      }
    }
    traffic.leave(full);
    pass(full);
  }

  @Test
  void writesHaveABudgetForEachSecondAndDrainsAnotherOne() throws AgentException {
    for (int i = 0; i < 20; i++) {
      pass(Lane.WRITE);
    }

    assertThat(refusal(Lane.WRITE)).hasMessageContaining("this second's 20 writes are used up");
    for (int i = 0; i < 50; i++) {
      pass(Lane.DRAIN);
    }
    assertThat(refusal(Lane.DRAIN)).hasMessageContaining("50 drains");
    now = now.plusSeconds(1);
    pass(Lane.WRITE);
    pass(Lane.DRAIN);
  }

  @Test
  void whatWasRefusedUsesNothingUp() throws AgentException {
    for (int i = 0; i < 20; i++) {
      pass(Lane.WRITE);
    }
    for (int i = 0; i < 100; i++) {
      refusal(Lane.WRITE);
    }
    now = now.plusSeconds(1);
    for (int i = 0; i < 20; i++) {
      pass(Lane.WRITE);
    }
  }

  private void pass(Lane lane) throws AgentException {
    traffic.enter(lane, "PUT /");
    traffic.leave(lane);
  }

  private AgentException refusal(Lane lane) {
    AgentException refusal = catchThrowableOfType(AgentException.class, () -> pass(lane));
    assertThat(refusal.kind()).isEqualTo(Kind.NOT_SENT);
    return refusal;
  }
}
