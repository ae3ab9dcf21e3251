package dev.connectbridge.consul;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectbridge.consul.AbsenceProof.Inquiry;
import dev.connectbridge.consul.AbsenceProof.Verdict;
import dev.connectbridge.consul.AgentApi.Status;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.consul.CatalogApi.Grant;
import dev.connectbridge.http.HttpTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes for an answer of the servers, and what does not. */
@WireMockTest
class ConsulCatalogTest {
  private static final String EMPTY = "{\"Node\":{\"Node\":\"n1\"},\"Services\":[]}";
  private ConsulAgent agent;
  private CatalogApi catalog;

  @BeforeEach
  void connect(WireMockRuntimeInfo wire) {
    agent = ConsulAgent.at(new HttpTransport(HttpTransport.Options.open(wire.getHttpBaseUrl())));
    catalog = agent.catalog();
  }

  @AfterEach
  void disconnect() {
    agent.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"Node\":null}",
        "{\"Services\":[]}",
        "{\"Node\":{\"Node\":\"n1\"}}",
        "{\"Node\":{\"Node\":\"n2\"},\"Services\":[]}",
        "{\"Node\":{},\"Services\":[]}",
        "{\"Node\":\"n1\",\"Services\":[]}",
        "{\"Node\":{\"Node\":\"n1\"},\"Services\":{}}",
        "{\"Node\":null,\"Services\":[{\"ID\":\"a\"}]}",
        "{\"Node\":{\"Node\":\"n1\"},\"Services\":[{}]}",
        "{\"Node\":{\"Node\":\"n1\"},\"Serv",
        "<p>welcome</p>"
      })
  void whatOnlyLooksLikeAnAnswerIsNone(String body) {
    answer(okJson(body).withHeader("X-Consul-Index", "7"));

    assertThat(reading().kind()).isEqualTo(Kind.GARBLED);
    assertThat(watching().kind()).isEqualTo(Kind.GARBLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1.5"})
  void anAnswerWithoutAnIndexIsNone(String index) {
    answer(okJson(EMPTY).withHeader("X-Consul-Index", index));

    assertThat(reading()).hasMessageContaining("has no index");
    assertThat(watching().kind()).isEqualTo(Kind.GARBLED);
  }

  @Test
  void anIndexOfZeroIsOne() throws AgentException {
    answer(okJson(EMPTY).withHeader("X-Consul-Index", "0"));

    assertThat(catalog.held("n1", List.of("a")).index()).isEqualTo(1);
    assertThat(catalog.ours("n1", 0, Duration.ofSeconds(1)).index()).isEqualTo(1);
  }

  @Test
  void aLastReadThatIsNotConsistentIsNone() {
    answer(
        okJson(EMPTY)
            .withHeader("X-Consul-Index", "7")
            .withHeader("X-Consul-Effective-Consistency", "stale"));

    assertThat(reading()).hasMessageContaining("not consistent but 'stale'");
  }

  @ParameterizedTest
  @CsvSource({
    "403,ACL not found,FORBIDDEN", "500,No cluster leader,BROKEN", "429,'',OVERLOADED",
    "404,not found,GARBLED", "204,'',GARBLED", "302,'',GARBLED"
  })
  void otherAnswersAreWhatTheyAre(int status, String text, Kind kind) {
    answer(aResponse().withStatus(status).withBody(text));

    for (AgentException failure : List.of(reading(), watching(), authorizing())) {
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure).hasMessageContaining(text);
    }
  }

  @Test
  void theNodesNameMayBeWrittenOtherwise() throws AgentException {
    answer(
        okJson("{\"Node\":{\"Node\":\"N1\"},\"Services\":[{\"ID\":\"a\"},{\"ID\":\"z\"}]}")
            .withHeader("X-Consul-Index", "0"));

    assertThat(catalog.held("n1", List.of("a", "b")))
        .isEqualTo(new CatalogApi.NodeServices(1, true, new TreeSet<>(List.of("a"))));
  }

  @Test
  void aNodeThatIsNullIsNotKnown() throws AgentException {
    answer(okJson("{\"Node\":null,\"Services\":null}").withHeader("X-Consul-Index", "7"));

    assertThat(catalog.held("n1", List.of("a")).nodeKnown()).isFalse();
    assertThat(catalog.ours("n1", 0, Duration.ofSeconds(1)).nodeKnown()).isFalse();
  }

  @Test
  void questionsAreWrittenAsConsulWantsThem() throws AgentException {
    answer(okJson(EMPTY).withHeader("X-Consul-Index", "7"));

    catalog.ours("n1", 0, Duration.ofSeconds(30));
    catalog.ours("n1", 7, Duration.ofSeconds(30));
    catalog.held("n1", List.of("a", "b"));
    catalog.held("n1", List.of("a", "b\"c"));

    assertThat(urls())
        .containsExactlyInAnyOrder(
            "/v1/catalog/node-services/n1?filter="
                + "Meta%5B%22external-source%22%5D%20%3D%3D%20%22connect-bridge%22",
            "/v1/catalog/node-services/n1?filter="
                + "Meta%5B%22external-source%22%5D%20%3D%3D%20%22connect-bridge%22&index=7&wait=30s",
            "/v1/catalog/node-services/n1?consistent&filter="
                + "ID%20%3D%3D%20%22a%22%20or%20ID%20%3D%3D%20%22b%22",
            "/v1/catalog/node-services/n1?consistent");
  }

  @Test
  void manyIdsAreAskedAboutInParts() throws AgentException {
    answer(okJson(EMPTY).withHeader("X-Consul-Index", "7"));

    catalog.held("n1", IntStream.range(0, 100).mapToObj(i -> "id" + i).toList());

    assertThat(urls()).hasSize(3).allMatch(url -> url.length() < 4000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "",
        "[{},{}]",
        "[{\"Resource\":\"node\",\"Segment\":\"n1\",\"Allow\":true}]",
        "[{\"Resource\":\"node\",\"Segment\":\"n1\",\"Allow\":true},"
            + "{\"Resource\":\"service\",\"Segment\":\"other\",\"Allow\":true}]"
      })
  void aRightThatIsNotToldOfIsNotGranted(String body) {
    answer(okJson(body));

    assertThat(authorizing().kind()).isEqualTo(Kind.GARBLED);
  }

  @Test
  void withoutAclsEverythingIsGranted() throws AgentException {
    answer(aResponse().withStatus(401).withBody("ACL support disabled"));

    assertThat(catalog.mayRead("n1", List.of("web"))).isEqualTo(new Grant(false, List.of()));
    assertThat(catalog.aclsOn()).isFalse();
  }

  @Test
  void anotherServersRefusalIsNoGrant() {
    answer(aResponse().withStatus(401).withBody("who are you?"));

    assertThat(authorizing().kind()).isEqualTo(Kind.FORBIDDEN);
  }

  @Test
  void closingEndsAReadThatIsBlocked() throws Exception {
    answer(okJson(EMPTY).withFixedDelay(8000));
    CompletableFuture<AgentException> blocked = CompletableFuture.supplyAsync(this::watching);

    while (WireMock.findAll(anyRequestedFor(anyUrl())).isEmpty() && !blocked.isDone()) {
      Thread.onSpinWait();
    }
    catalog.unblock();

    assertThat(blocked.get(7, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
    agent.close();
    assertThat(watching()).hasMessage("closed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"ID\":\"b\"}"})
  void whoeverSaysYesToEverythingDoesNotKnowAnEntry(String body) {
    answer(okJson(body));

    assertThat(catchThrowableOfType(AgentException.class, () -> agent.holds("a")).kind())
        .isEqualTo(Kind.GARBLED);
    assertThat(catchThrowableOfType(AgentException.class, () -> agent.rewrite("a")).kind())
        .isEqualTo(Kind.GARBLED);
    assertThat(catchThrowableOfType(AgentException.class, () -> agent.health("a")).kind())
        .isEqualTo(Kind.GARBLED);
    assertThat(catchThrowableOfType(AgentException.class, () -> catalog.allows("a", "b")).kind())
        .isEqualTo(Kind.GARBLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", EMPTY})
  void nothingIsProvenThroughWhoeverSaysYesToEverything(String body) throws Exception {
    answer(okJson(body));
    try (AbsenceProof proof = AbsenceProof.over(catalog, Duration.ofSeconds(1))) {
      CompletableFuture<Verdict> told = new CompletableFuture<>();
      Inquiry inquiry = proof.ask("n1", new TreeMap<>(Map.of("a", "web")), told::complete);

      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (inquiry.verdict().kind() == AbsenceProof.Kind.ASKED && System.nanoTime() < end) {
        Thread.onSpinWait();
      }

      assertThat(inquiry.verdict().kind()).isEqualTo(AbsenceProof.Kind.DOUBTFUL);
      assertThat(inquiry.verdict().reason()).startsWith("what answers is not Consul: POST /v1/");
      assertThat(told).isNotDone();
    }
  }

  @Test
  void aPageThatIsNotFoundIsNotAnEntryThatIsGone() {
    answer(aResponse().withStatus(404).withBody("404 page not found"));

    assertThat(catchThrowableOfType(AgentException.class, () -> agent.holds("a")).kind())
        .isEqualTo(Kind.GARBLED);
    assertThat(catchThrowableOfType(AgentException.class, () -> agent.health("a")).kind())
        .isEqualTo(Kind.GARBLED);
  }

  @ParameterizedTest
  @CsvSource({"429,OVERLOADED", "503,BROKEN"})
  void aStatusThatMayBeSomebodyElsesIsNoHealth(int status, Kind kind) {
    answer(aResponse().withStatus(status).withBody("busy"));

    assertThat(catchThrowableOfType(AgentException.class, () -> agent.health("a")).kind())
        .isEqualTo(kind);
  }

  @Test
  void anOutputIsCutToWhatTheAgentKeeps() throws AgentException {
    answer(aResponse());

    agent.updateCheck("c", Status.WARNING, "x".repeat(9000));

    LoggedRequest request = WireMock.findAll(anyRequestedFor(anyUrl())).get(0);
    assertThat(request.getUrl()).isEqualTo("/v1/agent/check/update/c");
    assertThat(request.getBodyAsString())
        .isEqualTo("{\"Status\":\"warning\",\"Output\":\"" + "x".repeat(4096) + "\"}");
  }

  private static void answer(ResponseDefinitionBuilder response) {
    stubFor(any(anyUrl()).willReturn(response));
  }

  private static List<String> urls() {
    return WireMock.findAll(anyRequestedFor(anyUrl())).stream().map(LoggedRequest::getUrl).toList();
  }

  private AgentException reading() {
    return catchThrowableOfType(AgentException.class, () -> catalog.held("n1", List.of("a")));
  }

  private AgentException watching() {
    return catchThrowableOfType(
        AgentException.class, () -> catalog.ours("n1", 0, Duration.ofSeconds(1)));
  }

  private AgentException authorizing() {
    return catchThrowableOfType(AgentException.class, () -> catalog.mayRead("n1", List.of("web")));
  }
}
