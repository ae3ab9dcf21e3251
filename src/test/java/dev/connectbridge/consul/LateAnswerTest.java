package dev.connectbridge.consul;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.http.HttpTransport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What waits as long as it may; it does nothing else, so that others go on meanwhile. */
@WireMockTest
@Execution(ExecutionMode.CONCURRENT)
class LateAnswerTest {
  @Test
  void aWriteWithoutAnAnswerIsToBeLookedAtAgain(WireMockRuntimeInfo wire) {
    wire.getWireMock().register(put(anyUrl()).willReturn(aResponse().withFixedDelay(11_000)));

    try (ConsulAgent agent =
        ConsulAgent.at(new HttpTransport(HttpTransport.Options.open(wire.getHttpBaseUrl())))) {
      AgentException late =
          catchThrowableOfType(
              AgentException.class, () -> agent.register(Samples.connected("web")));

      assertThat(late.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(late)
          .hasMessage(
              "PUT /v1/agent/service/register: no answer in time, so it may be done or not; it will"
                  + " be looked at again");
    }
  }

  /** It only reads: it is the next question, and that alone, that may take minutes. */
  @Test
  void aWatchDoesNotWaitLongForItsFirstAnswer(WireMockRuntimeInfo wire) throws Exception {
    wire.getWireMock().register(get(anyUrl()).willReturn(aResponse().withFixedDelay(11_000)));

    try (ConsulAgent agent =
        ConsulAgent.at(new HttpTransport(HttpTransport.Options.open(wire.getHttpBaseUrl())))) {
      CountDownLatch told = new CountDownLatch(1);
      agent.watch(Samples.connected("web").id(), told::countDown);

      assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
