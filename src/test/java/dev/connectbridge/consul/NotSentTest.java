package dev.connectbridge.consul;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.ConsulAgent.Pace;
import dev.connectbridge.http.HttpTransport;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is not even sent, over a whole agent. */
@WireMockTest
class NotSentTest {
  private ConsulAgent agent;
  private String address;

  @BeforeEach
  void connect(WireMockRuntimeInfo wire) {
    address = wire.getHttpBaseUrl();
    agent = ConsulAgent.at(new HttpTransport(HttpTransport.Options.open(address)));
  }

  @AfterEach
  void disconnect() {
    agent.close();
  }

  @Test
  void anAgentThatFailsIsNotWrittenToUntilAReadWorks() throws AgentException {
    stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    for (int i = 0; i < 5; i++) {
      assertThat(registering().kind()).isEqualTo(Kind.UNREACHABLE);
    }

    assertThat(registering().kind()).isEqualTo(Kind.NOT_SENT);
    assertThat(registering())
        .hasMessage(
            "PUT /v1/agent/service/register: not sent, since the agent has not answered lately");
    verify(5, putRequestedFor(anyUrl()));

    works();
    assertThat(registering().kind()).isEqualTo(Kind.NOT_SENT);
    agent.observe();
    agent.register(Samples.connected("web"));
  }

  @Test
  void aDrainLooksForItselfWhetherTheAgentIsBack() throws AgentException {
    stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    for (int i = 0; i < 8; i++) {
      assertThat(deregistering().kind()).isEqualTo(Kind.UNREACHABLE);
    }
    verify(5, putRequestedFor(anyUrl()));

    works();
    agent.deregister("web");

    verify(6, putRequestedFor(anyUrl()));
    agent.register(Samples.connected("web"));
  }

  @Test
  void oneThatRefusesOneItemIsStillWrittenTo() {
    stubFor(put(anyUrl()).willReturn(aResponse().withStatus(403).withBody("Permission denied")));
    for (int i = 0; i < 20; i++) {
      assertThat(registering().kind()).isEqualTo(Kind.FORBIDDEN);
    }
  }

  @Test
  void thePaceOfDrainsIsNotThatOfOtherWrites() throws AgentException {
    works();
    try (ConsulAgent slow =
        ConsulAgent.at(
            new HttpTransport(HttpTransport.Options.open(address)),
            new Pace(1, 100),
            any -> Optional.empty())) {
      AgentException beyond = null;
      for (int i = 0; i < 3 && beyond == null; i++) {
        beyond =
            catchThrowableOfType(
                AgentException.class, () -> slow.register(Samples.connected("web")));
      }
      assertThat(beyond.kind()).isEqualTo(Kind.NOT_SENT);
      for (int i = 0; i < 30; i++) {
        slow.deregister("web");
      }
    }
  }

  private static void works() {
    stubFor(any(anyUrl()).willReturn(okJson("{}")));
    stubFor(put(urlPathMatching("/v1/agent/.*")).willReturn(aResponse().withStatus(200)));
  }

  private AgentException registering() {
    return catchThrowableOfType(
        AgentException.class, () -> agent.register(Samples.connected("web")));
  }

  private AgentException deregistering() {
    return catchThrowableOfType(AgentException.class, () -> agent.deregister("web"));
  }
}
