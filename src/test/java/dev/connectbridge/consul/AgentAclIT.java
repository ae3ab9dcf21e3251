package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.testing.RealConsul;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The agent with ACLs that deny, over TCP and over a unix socket. */
class AgentAclIT {
  private static final String MASTER = "11111111-2222-3333-4444-555555555555";
  private static RealConsul consul;

  @BeforeAll
  static void start() {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
  }

  @AfterAll
  static void stop() {
    if (consul != null) {
      consul.close();
    }
  }

  @Test
  void aTokenThatMayNotWriteIsForbidden() {
    String token = consul.tokenFor("service \"web\" { policy = \"write\" }").secret();
    try (ConsulAgent agent = agentWith(Optional.of(token))) {
      AgentException refusal =
          catchThrowableOfType(
              AgentException.class, () -> agent.register(Samples.connected("web")));

      assertThat(refusal.kind()).isEqualTo(AgentException.Kind.FORBIDDEN);
      assertThat(refusal).hasMessageContaining("Missing service:write on web-sidecar-proxy");
      assertThat(refusal.getMessage()).doesNotContain(token);
      assertThat(catchThrowableOfType(AgentException.class, agent::facts).kind())
          .isEqualTo(AgentException.Kind.FORBIDDEN);
    }
  }

  @Test
  void aTokenThatNobodyKnowsIsForbidden() {
    try (ConsulAgent agent = agentWith(Optional.of("99999999-2222-3333-4444-555555555555"))) {
      AgentException refusal = catchThrowableOfType(AgentException.class, agent::observe);

      assertThat(refusal.kind()).isEqualTo(AgentException.Kind.FORBIDDEN);
      assertThat(refusal).hasMessageContaining("ACL not found").hasMessageNotContaining("9999");
    }
  }

  @Test
  void whatATokenMayNotSeeIsKnown() throws AgentException {
    String token = consul.tokenFor("service_prefix \"web\" { policy = \"read\" }").secret();
    try (ConsulAgent agent = agentWith(Optional.of(token));
        ConsulAgent nobody = agentWith(Optional.empty())) {
      assertThat(agent.hidden(List.of("web", "web-sidecar-proxy", "cart"))).containsExactly("cart");
      assertThat(nobody.hidden(List.of("web"))).containsExactly("web");
    }
  }

  @Test
  void theSmallestPolicyIsEnough() throws AgentException {
    String token = consul.tokenFor("service_prefix \"count-api\" { policy = \"write\" }").secret();
    try (ConsulAgent agent = agentWith(Optional.of(token))) {
      agent.register(Samples.connected("count-api"));
      assertThat(agent.observe().registrations())
          .containsExactly(Samples.connected("count-api").asHeld());

      agent.deregister(Samples.connected("count-api").id().sidecar());
      agent.deregister(Samples.connected("count-api").id().value());
      assertThat(agent.observe()).isEqualTo(Observed.NOTHING);
    }
  }

  @Test
  void whatIsNotThereIsGoneAlthoughConsulCallsItAnError() {
    try (ConsulAgent agent = agentWith(Optional.of(MASTER))) {
      assertThatCode(() -> agent.deregister("_connect-bridge-nobody")).doesNotThrowAnyException();
      assertThatCode(() -> agent.deregisterCheck("_connect-bridge-nobody.check-a"))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aUnixSocketWorksAsAPortDoes() throws AgentException {
    try (RealConsul behindSocket = RealConsul.start(RealConsul.Options.dev().withUnixSocket())) {
      String address = "unix://" + behindSocket.unixSocket();
      try (ConsulAgent agent =
          ConsulAgent.at(new HttpTransport(HttpTransport.Options.open(address)))) {
        agent.register(Samples.rich());
        assertThat(agent.observe().registrations()).containsExactly(Samples.rich().asHeld());
        assertThat(agent.facts().nodeName()).isEqualTo("n1");
        agent.deregister(Samples.rich().id().value());
        assertThat(agent.observe()).isEqualTo(Observed.NOTHING);
      }
    }
  }

  private static ConsulAgent agentWith(Optional<String> token) {
    return ConsulAgent.at(
        new HttpTransport(new HttpTransport.Options(consul.address(), () -> token)));
  }
}
