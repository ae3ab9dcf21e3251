package dev.connectbridge.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.consul.ConsulAgent;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.testing.Asked;
import dev.connectbridge.testing.InProcess;
import dev.connectbridge.testing.SimulatedAgent;
import dev.connectbridge.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FencedAgentTest {
  private static final String ID = "_connect-bridge-a.g.web.80";

  private final VirtualTime time = new VirtualTime();
  private final SimulatedAgent agent = new SimulatedAgent(SimulatedAgent.Options.dev(), time);
  private final ConsulAgent client =
      ConsulAgent.at(
          HttpTransport.answeredBy(
              new HttpTransport.Options("http://127.0.0.1:8500", Optional::empty),
              new InProcess(agent, time::advance)));
  private final List<Long> met = new ArrayList<>();

  @AfterEach
  void close() {
    client.close();
  }

  private AgentApi writer(long epoch) {
    return new FencedAgent(
        client,
        "default",
        () -> epoch,
        met::add,
        () -> Duration.between(Instant.EPOCH, time.instant()));
  }

  private void holds(String owner, long epoch) {
    String body =
        "{\"ID\":\"%s\",\"Name\":\"web\",\"Meta\":{\"connect-bridge-owner\":\"%s\","
            + "\"connect-bridge-group\":\"a.g[0]\",\"connect-bridge-source\":\"f\","
            + "\"connect-bridge-hash\":\"h\",\"connect-bridge-schema\":\"1\","
            + "\"connect-bridge-epoch\":\"%d\"}}";
    agent.answer(Asked.of("PUT", "/v1/agent/service/register", body.formatted(ID, owner, epoch)));
  }

  private String held() {
    return agent.entry(ID).orElse("");
  }

  @Test
  void whatANewerWriterWroteIsNotTouchedAndToldOf() throws AgentException {
    holds("default", 3);
    AgentApi older = writer(2);
    older.observe();

    assertThatThrownBy(() -> older.deregister(ID))
        .isInstanceOfSatisfying(
            AgentException.class, e -> assertThat(e.kind()).isEqualTo(AgentException.Kind.OUTDATED))
        .hasMessageContaining("epoch 3; this one is epoch 2");
    assertThat(held()).isNotEmpty();
    assertThat(met).contains(3L);
    writer(3).deregister(ID);
    assertThat(held()).isEmpty();
  }

  @Test
  void whatWasSeenLongAgoIsLookedAtAgain() throws AgentException {
    holds("default", 1);
    AgentApi older = writer(1);
    older.observe();
    holds("default", 2);
    time.advance(Duration.ofSeconds(2));

    assertThatThrownBy(() -> older.deregister(ID)).hasMessageContaining("epoch 2");
    assertThatThrownBy(() -> older.maintain(ID, true, "")).hasMessageContaining("epoch 2");
    assertThat(held()).isNotEmpty();
  }

  @Test
  void aWriterThatIsNotCountedLeavesTheEpochAsItIs() throws AgentException {
    holds("default", 5);
    AgentApi alone = writer(0);
    alone.register(alone.observe().registrations().get(0).withTags(List.of("new")));

    assertThat(held()).contains("\"connect-bridge-epoch\":\"5\"").contains("new");
    assertThat(met).isEmpty();
  }

  @Test
  void theWritersOfAnotherOwnerAreCountedByThemselves() throws AgentException {
    holds("other", 9);
    AgentApi ours = writer(1);
    ours.observe();
    ours.deregister(ID);

    assertThat(held()).isEmpty();
    assertThat(met).isEmpty();
  }

  @Test
  void theEpochGoesWithTheNextWriteAndIsNoDifference() throws AgentException {
    holds("default", 1);
    AgentApi newer = writer(2);
    var before = newer.observe().registrations();
    newer.register(before.get(0));

    assertThat(held()).contains("\"connect-bridge-epoch\":\"2\"");
    assertThat(newer.observe().registrations()).isEqualTo(before);
  }
}
