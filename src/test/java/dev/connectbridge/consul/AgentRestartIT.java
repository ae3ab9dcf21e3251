package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent with a data directory, over its own end. */
@RunsBeside
class AgentRestartIT {

  @Test
  void whatWasRegisteredIsHeldUnchangedAfterARestart() throws AgentException {
    try (RealConsul consul = RealConsul.start(RealConsul.Options.persistentServer());
        ConsulAgent agent =
            ConsulAgent.at(new HttpTransport(HttpTransport.Options.open(consul.address())))) {
      List<Registration> wanted = List.of(Samples.connected("count-api"), Samples.rich());
      for (Registration registration : wanted) {
        agent.register(registration);
      }

      for (Runnable end : List.<Runnable>of(consul::kill, consul::terminate)) {
        end.run();
        consul.launch();
        await().atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> holds(agent, 2));

        assertThat(agent.observe().registrations())
            .containsExactlyElementsOf(wanted.stream().map(Registration::asHeld).toList());
      }
    }
  }

  private static boolean holds(ConsulAgent agent, int services) throws AgentException {
    return agent.observe().registrations().size() == services;
  }
}
