package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the one blocked query tells, and when it keeps quiet. */
@RunsBeside
class AgentWatchIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ENTRY = "/v1/agent/service/_connect-bridge";
  private final AtomicInteger told = new AtomicInteger();
  private final Registration web = Samples.connected("web");
  private RealConsul consul;
  private CountingProxy proxy;
  private ConsulAgent agent;

  @BeforeEach
  void start() throws AgentException {
    consul = RealConsul.dev();
    proxy = CountingProxy.before(consul.httpPort());
    connect(Duration.ofMinutes(5));
    agent.register(web);
    agent.register(Samples.plain("other"));
  }

  @AfterEach
  void stop() {
    if (consul != null) {
      consul.close();
    }
    if (agent != null) {
      agent.close();
      proxy.close();
    }
  }

  @Test
  void aChangeIsTold() throws AgentException {
    watch();

    agent.register(web.withTags(List.of("new")));

    awaitTold();
  }

  @Test
  void aRemovalIsTold() throws AgentException {
    watch();

    agent.deregister(web.id().value());

    awaitTold();
  }

  @Test
  void anAgentThatIsKilledIsTold() {
    watch();

    consul.kill();

    awaitTold();
  }

  @Test
  void anAgentThatIsAskedToEndIsTold() {
    watch();

    consul.terminate();

    awaitTold();
  }

  @Test
  void aConnectionThatIsCutIsTold() {
    watch();

    proxy.cut();

    awaitTold();
  }

  @Test
  void anEntryThatIsNotThereIsToldAtOnce() {
    agent.watch(Samples.plain("nobody").id(), told::incrementAndGet);

    awaitTold();
  }

  @Test
  void anAgentThatIsAwayIsToldAtOnce() {
    consul.kill();
    agent.watch(web.id(), told::incrementAndGet);

    awaitTold();
  }

  @Test
  void nothingIsToldOfWhatDoesNotChangeTheEntry() throws AgentException {
    watch();

    agent.register(web);
    agent.deregister(Samples.plain("other").id().value());
    consul.put("/v1/agent/service/maintenance/" + web.id() + "?enable=true", "");

    assertQuiet();
    assertThat(proxy.count("GET", ENTRY)).isEqualTo(2);
  }

  @Test
  void aWaitThatIsOverIsAskedAgainSilently() throws AgentException {
    agent.close();
    connect(Duration.ofMillis(100));
    agent.watch(web.id(), told::incrementAndGet);

    await().atMost(SOON).until(() -> proxy.count("GET", ENTRY) >= 5);
    assertThat(told).hasValue(0);

    agent.register(web.withTags(List.of("new")));
    awaitTold();
  }

  @Test
  void anEndedWatchTellsNobody() throws AgentException {
    watch();

    agent.unwatch();
    agent.register(web.withTags(List.of("new")));

    assertQuiet();
    await("the blocked query's connection is closed").atMost(SOON).until(() -> proxy.open() <= 1);
  }

  @Test
  void anotherWatchReplacesTheOneBefore() throws AgentException {
    watch();
    AtomicInteger other = new AtomicInteger();
    proxy.forget();
    agent.watch(Samples.plain("other").id(), other::incrementAndGet);
    await().until(() -> proxy.count("GET", ENTRY) == 2);

    agent.register(web.withTags(List.of("new")));
    assertQuiet();
    agent.register(Samples.plain("other").withTags(List.of("new")));

    await().until(() -> other.get() == 1);
    assertThat(told).hasValue(0);
  }

  @Test
  void afterTheAgentIsBackTheNextReadWorks() throws AgentException {
    watch();
    agent.observe(); // leaves an idle connection, which dies with the agent
    consul.kill();
    awaitTold();
    consul.restart();

    assertThat(agent.observe().registrations()).isEmpty();
  }

  private void connect(Duration wait) {
    agent =
        ConsulAgent.at(
            new HttpTransport(HttpTransport.Options.open(proxy.address())), wait, Ticker.MONOTONIC);
  }

  private void watch() {
    agent.watch(web.id(), told::incrementAndGet);
    await().until(() -> proxy.count("GET", ENTRY) == 2);
  }

  /** Once, and once only. */
  private void awaitTold() {
    await().atMost(SOON).until(() -> told.get() == 1);
    assertThat(told).hasValue(1);
  }

  private void assertQuiet() {
    await().during(Duration.ofMillis(700)).atMost(SOON).until(() -> told.get() == 0);
  }
}
