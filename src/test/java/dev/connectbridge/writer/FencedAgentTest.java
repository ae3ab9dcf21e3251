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
  private boolean lost;
  private int asked;
  private Runnable whileAsked = () -> {};

  @AfterEach
  void close() {
    client.close();
  }

  private AgentApi writer(long epoch) {
    return bridge(Mandate.writer(epoch, "it is the writer"));
  }

  private AgentApi bridge(Mandate mandate) {
    return new FencedAgent(
        client,
        "default",
        () -> mandate,
        new Lock(),
        () -> Duration.between(Instant.EPOCH, time.instant()));
  }

  private final class Lock implements FencedAgent.Lease {
    @Override
    public void met(long epoch) {
      met.add(epoch);
    }

    @Override
    public boolean isLost() {
      if (asked++ == 0) {
        whileAsked.run();
      }
      return lost;
    }
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
  void whatANewerWriterHasRemovedIsNotPutBackByOneThatWasStoppedMeanwhile() throws AgentException {
    holds("default", 1);
    AgentApi older = writer(1);
    var web = older.observe().registrations().get(0);
    writer(2).deregister(ID);
    agent.answer(
        Asked.of(
            "PUT",
            "/v1/agent/service/register",
            "{\"ID\":\"_connect-bridge-a.g.api.81\",\"Name\":\"api\",\"Meta\":"
                + "{\"connect-bridge-owner\":\"default\",\"connect-bridge-group\":\"a.g[0]\","
                + "\"connect-bridge-source\":\"f\",\"connect-bridge-hash\":\"h\","
                + "\"connect-bridge-schema\":\"1\",\"connect-bridge-epoch\":\"2\"}}"));
    time.advance(Duration.ofSeconds(2));

    assertThatThrownBy(() -> older.register(web)).hasMessageContaining("epoch 2");
    assertThat(held()).isEmpty();
  }

  @Test
  void norWhereTheNewerOneHasWrittenNothingThatTellsOfIt() throws AgentException {
    holds("default", 1);
    AgentApi older = writer(1);
    var web = older.observe().registrations().get(0);
    client.deregister(ID);
    lost = true;

    assertThatThrownBy(() -> older.register(web)).hasMessageContaining("lost meanwhile");
    assertThatThrownBy(() -> older.register(web)).hasMessageContaining("lost meanwhile");
    assertThat(held()).isEmpty();
    assertThat(met).as("has the lock looked at again").containsExactly(0L, 0L);
  }

  @Test
  void theLockIsNotAskedForBeforeEachOfManyWrites() throws AgentException {
    holds("default", 1);
    AgentApi writer = writer(1);
    var web = writer.observe().registrations().get(0);
    assertThat(asked).as("by a look").isZero();

    writer.register(web);
    writer.register(web);
    assertThat(asked).isOne();
    time.advance(Duration.ofSeconds(2));
    writer.register(web);

    assertThat(asked).isEqualTo(2);
  }

  @Test
  void whoeverCannotSeeTheLockLeavesAloneWhatItsWritersWrote() throws AgentException {
    holds("default", 2);
    AgentApi blind = bridge(Mandate.blind(1, "the token may not see the lock"));
    var web = blind.observe().registrations().get(0);

    assertThatThrownBy(() -> blind.register(web)).hasMessageContaining("epoch 2");
    assertThatThrownBy(() -> blind.deregister(ID)).hasMessageContaining("epoch 2");
    assertThat(blind.heeds()).isOne();
    blind.deregister("_connect-bridge-a.g.other.1");
    bridge(Mandate.blind(2, "the same, and it was the writer before")).deregister(ID);
    assertThat(held()).isEmpty();
  }

  @Test
  void aWriterThatIsNotCountedLeavesTheEpochAsItIs() throws AgentException {
    holds("default", 5);
    AgentApi alone = bridge(Mandate.alone("nobody has a lock"));
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

  @Test
  void nobodyWritesWhileAnotherThreadIsStillAskingWhoseTheLockIs() throws Exception {
    holds("default", 1);
    AgentApi older = writer(1);
    older.observe();
    Thread lane = new Thread(() -> removeQuietly(older));
    whileAsked =
        () -> {
          lane.start();
          while (lane.getState() != Thread.State.BLOCKED && lane.isAlive()) {
            Thread.onSpinWait();
          }
          lost = true;
        };

    assertThatThrownBy(() -> older.deregister(ID)).hasMessageContaining("lost meanwhile");
    lane.join();

    assertThat(held()).isNotEmpty();
  }

  private static void removeQuietly(AgentApi agent) {
    try {
      agent.deregister(ID);
    } catch (AgentException e) {
      // what is held tells
    }
  }
}
