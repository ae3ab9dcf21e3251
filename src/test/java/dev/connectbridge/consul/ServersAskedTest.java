package dev.connectbridge.consul;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.http.HttpTransport;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent asks its servers for before it answers. */
@WireMockTest
class ServersAskedTest {
  private ConsulAgent agent;

  @BeforeEach
  void connect(WireMockRuntimeInfo wire) {
    agent = ConsulAgent.at(new HttpTransport(HttpTransport.Options.open(wire.getHttpBaseUrl())));
    stubFor(put(urlPathMatching("/v1/agent/.*")).willReturn(aResponse()));
  }

  @AfterEach
  void disconnect() {
    agent.close();
  }

  private static void servers(ResponseDefinitionBuilder config, ResponseDefinitionBuilder health) {
    stubFor(get(urlPathMatching("/v1/config/.*")).willReturn(config));
    stubFor(get(urlPathMatching("/v1/health/service/.*")).willReturn(health));
  }

  @Test
  void mayTakeLongerThanTheAgentItself() throws AgentException {
    servers(okJson("{}").withFixedDelay(2500), okJson("[]").withFixedDelay(2500));

    assertThat(agent.configEntry("ingress-gateway", "gate")).isPresent();
    assertThat(agent.passesBeside("web", "n1", List.of())).isFalse();
  }

  @Test
  void saysNothingOfTheAgentWhereItFails() {
    var leaderless = aResponse().withStatus(500).withBody("No cluster leader");
    servers(leaderless, leaderless);

    for (int i = 0; i < 10; i++) {
      assertThat(entry().kind()).isEqualTo(Kind.BROKEN);
      assertThat(beside().kind()).isEqualTo(Kind.BROKEN);
    }

    assertThatCode(() -> agent.register(Samples.plain("web"))).doesNotThrowAnyException();
  }

  private AgentException entry() {
    return catchThrowableOfType(
        AgentException.class, () -> agent.configEntry("ingress-gateway", "gate"));
  }

  private AgentException beside() {
    return catchThrowableOfType(
        AgentException.class, () -> agent.passesBeside("web", "n1", List.of()));
  }
}
