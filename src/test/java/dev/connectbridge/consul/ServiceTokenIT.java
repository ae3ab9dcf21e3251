package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.ConsulAgent.Pace;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.http.HttpTransport.Options;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RealConsul.AclToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Services that are registered with a token of their own. */
class ServiceTokenIT {
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
  void itsOwnTokenRegistersItAndNothingElse() throws AgentException {
    AclToken weak = consul.tokenFor("service_prefix \"other\" { policy = \"write\" }");
    AclToken own = consul.tokenFor("service_prefix \"web\" { policy = \"write\" }");
    Map<String, String> tokens = Map.of("web", own.secret(), "api", weak.secret());
    try (ConsulAgent agent = agent(tokens)) {
      agent.register(Samples.connected("web"));
      AgentException refusal =
          catchThrowableOfType(
              AgentException.class, () -> agent.register(Samples.connected("api")));

      assertThat(refusal.kind()).isEqualTo(Kind.FORBIDDEN);
      assertThat(refusal.getMessage()).doesNotContain(weak.secret());
      agent.register(Samples.connected("cart"));
      remove(agent, Samples.connected("web"));
      remove(agent, Samples.connected("cart"));
    }
  }

  @Test
  void ofOneWhoseTokenHasDiedNothingIsLeftInTheCatalog() throws AgentException {
    AclToken own = consul.tokenFor("service_prefix \"web\" { policy = \"write\" }");
    try (ConsulAgent agent = agent(Map.of("web", own.secret()))) {
      agent.register(Samples.connected("web"));
      assertThat(consul.get("/v1/catalog/services")).contains("web-sidecar-proxy");
      consul.revoke(own);

      remove(agent, Samples.connected("web"));

      assertThat(consul.get("/v1/agent/services")).doesNotContain("web");
      assertThat(consul.get("/v1/catalog/services")).doesNotContain("web");
    }
  }

  @Test
  void oneThatCannotBeReadIsNotReplacedByOurs() throws AgentException {
    AtomicReference<String> file = new AtomicReference<>("");
    AclToken own = consul.tokenFor("service_prefix \"web\" { policy = \"write\" }");
    try (ConsulAgent agent =
        ConsulAgent.at(
            new HttpTransport(new Options(consul.address(), () -> Optional.of(MASTER))),
            Pace.ANY,
            service -> {
              if (file.get().isEmpty()) {
                throw new UncheckedIOException(new IOException("the token file t is empty"));
              }
              return Optional.of(file.get());
            })) {
      AgentException refusal =
          catchThrowableOfType(
              AgentException.class, () -> agent.register(Samples.connected("web")));
      String before = agent.tokenMark("web");

      assertThat(refusal.kind()).isEqualTo(Kind.FORBIDDEN);
      assertThat(refusal).hasMessage("it has a token of its own, and the token file t is empty");
      assertThat(consul.get("/v1/agent/services")).doesNotContain("web");
      file.set(own.secret());
      assertThat(agent.tokenMark("web")).isNotEqualTo(before).isNotEqualTo(agent.tokenMark());
      agent.register(Samples.connected("web"));
      remove(agent, Samples.connected("web"));
    }
  }

  private static void remove(ConsulAgent agent, Registration registration) throws AgentException {
    agent.deregister(registration.id().sidecar());
    agent.deregister(registration.id().value());
  }

  private static ConsulAgent agent(Map<String, String> tokens) {
    return ConsulAgent.at(
        new HttpTransport(new Options(consul.address(), () -> Optional.of(MASTER))),
        Pace.ANY,
        service -> Optional.ofNullable(tokens.get(service)));
  }
}
