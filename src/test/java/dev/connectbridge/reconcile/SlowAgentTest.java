package dev.connectbridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.consul.AgentApi;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.converge.ConvergenceBook;
import dev.connectbridge.source.Source;
import dev.connectbridge.testing.FakeAgent;
import dev.connectbridge.testing.Specs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A server agent without a leader answers each write after 7 seconds (measured on 1.8.7). */
class SlowAgentTest {
  private static final String JOB =
      Specs.group("count = 5\nservice {\nname = \"cart\"\nport = \"9001\"\n}");

  private final FakeAgent agent = new FakeAgent();
  private final List<String> writes = new ArrayList<>();
  private Duration now = Duration.ZERO;
  private Runnable onWrite = () -> {};

  @Test
  void aDrainEndsAtItsTimeAlthoughNotEverythingIsGone() {
    Loop loop = loop();
    loop.turn();
    writes.clear();

    loop.stop();
    loop.run();

    assertThat(writes).hasSize(2);
    assertThat(loop.drained()).isFalse();
  }

  @Test
  void aStopEndsThePassThatIsUnderWay() {
    Loop loop = loop();
    onWrite =
        () -> {
          if (writes.size() == 1) {
            loop.stop();
          }
        };

    loop.turn();

    assertThat(writes).hasSizeLessThan(5);
  }

  private Loop loop() {
    AgentApi slow = slow();
    Source source = () -> Specs.snapshot("shop.nomad.hcl", JOB);
    Reconciler reconciler =
        new Reconciler(slow, Settings.of("default"), PortMemory.ofProcess(TreeSet::new));
    return new Loop(
        slow,
        source,
        reconciler,
        Duration.ofSeconds(30),
        false,
        Optional.empty(),
        new ConvergenceBook("default"),
        () -> now);
  }

  private AgentApi slow() {
    return (AgentApi)
        Proxy.newProxyInstance(
            AgentApi.class.getClassLoader(),
            new Class<?>[] {AgentApi.class},
            (proxy, method, arguments) -> {
              if (method.getName().startsWith("register")
                  || method.getName().startsWith("deregister")) {
                now = now.plusSeconds(7);
                writes.add(method.getName());
                onWrite.run();
              }
              try {
                return method.invoke(agent, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() instanceof AgentException known ? known : e;
              }
            });
  }
}
