package dev.connectbridge.consul;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectbridge.consul.AgentException.Kind;
import dev.connectbridge.http.HttpTransport;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.testing.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a healthy Consul will not do. */
@WireMockTest
class ConsulAgentTest {
  private static final String SECRET = "5ec2e7-token";
  private static final String HALF =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{}";
  private static final String NODE = "{\"Config\":{\"NodeName\":\"n1\"}}";
  private ConsulAgent agent;

  @BeforeEach
  void connect(WireMockRuntimeInfo wire) {
    agent = agentAt(wire.getHttpBaseUrl());
  }

  @AfterEach
  void disconnect() {
    agent.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400,REFUSED", "401,FORBIDDEN", "403,FORBIDDEN", "404,GARBLED", "405,REFUSED", "429,OVERLOADED",
    "500,BROKEN", "502,BROKEN", "503,BROKEN", "301,GARBLED", "307,GARBLED", "204,GARBLED"
  })
  void everyStatusHasItsKind(int status, Kind kind) {
    answer(aResponse().withStatus(status).withHeader("Location", "/elsewhere").withBody("why so"));

    for (AgentException refusal : List.of(observing(), registering(), asking())) {
      assertThat(refusal.kind()).isEqualTo(kind);
      assertThat(refusal).hasMessageContaining("v1/agent/").hasMessageContaining("" + status);
    }
    verify(0, anyRequestedFor(urlEqualTo("/elsewhere")));
  }

  @Test
  void aListThatTheAgentSaysIsCutIsKnownToBe() throws AgentException {
    answer(okJson("{}"));
    assertThat(agent.observe().filtered()).isFalse();

    answer(okJson("{}").withHeader("X-Consul-Results-Filtered-By-ACLs", "true"));
    assertThat(agent.observe().filtered()).isTrue();
  }

  @Test
  void aNestedErrorIsARefusalAlthoughConsulCallsItItsOwn() {
    answer(aResponse().withStatus(500).withBody("Bad request: Invalid SidecarService: no port"));

    assertThat(registering().kind()).isEqualTo(Kind.REFUSED);
    assertThat(registering())
        .hasMessage(
            "PUT /v1/agent/service/register: 500 Bad request: Invalid SidecarService: no port");
  }

  @Test
  void theAgentsTextIsCutToALineAndHoldsNoToken() {
    answer(aResponse().withStatus(500).withBody("a\nb\t\u0007" + SECRET + " " + "x".repeat(5000)));

    AgentException refusal = registering();

    assertThat(refusal).hasMessageContaining("500 a b (token) xxx");
    assertThat(refusal.getMessage()).hasSizeLessThan(360).doesNotContain("\n");
    assertThat(everythingIn(refusal)).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"web\": {\"ID\":",
        "",
        "null",
        "[]",
        "<html>Log in</html>",
        "{} trailing",
        "5",
        "{'a':1}"
      })
  void whatIsNotTheJsonOfAnAgentIsGarbled(String body) {
    answer(okJson(body));

    assertThat(observing().kind()).isEqualTo(Kind.GARBLED);
    assertThat(asking().kind()).isEqualTo(Kind.GARBLED);
  }

  @Test
  void anotherContentTypeIsGarbled() {
    answer(aResponse().withStatus(200).withHeader("Content-Type", "text/html").withBody("{}"));

    assertThat(observing().kind()).isEqualTo(Kind.GARBLED);
    assertThat(registering().kind()).isEqualTo(Kind.GARBLED);
    assertThat(deregistering().kind()).isEqualTo(Kind.GARBLED);
  }

  @Test
  void anAnswerCutShortIsGarbled() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ConsulAgent cut = agentAt("127.0.0.1:" + server.getLocalPort())) {
      Thread answering = new Thread(() -> answer(server, HALF));
      answering.start();

      assertThat(catchThrowableOfType(AgentException.class, cut::observe).kind())
          .isEqualTo(Kind.GARBLED);
    }
  }

  /** OkHttp quotes it, and a cause is printed as well as what it has led to. */
  @Test
  void aTokenThatComesBackInPlaceOfAStatusIsInNoCauseEither() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ConsulAgent echoing = agentAt("127.0.0.1:" + server.getLocalPort())) {
      Thread answering = new Thread(() -> answer(server, SECRET + "\r\n\r\n"));
      answering.start();

      AgentException garbled = catchThrowableOfType(AgentException.class, echoing::observe);

      assertThat(garbled).hasMessageContaining("(token)");
      assertThat(everythingIn(garbled)).doesNotContain(SECRET);
    }
  }

  private static void answer(ServerSocket server, String text) {
    try (Socket client = server.accept()) {
      client.getInputStream().read(new byte[4096]);
      client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aBrokenConnectionIsUnreachable(Fault fault) {
    answer(aResponse().withFault(fault));

    for (AgentException failure : List.of(observing(), registering(), asking())) {
      assertThat(failure.kind())
          .isEqualTo(fault == Fault.MALFORMED_RESPONSE_CHUNK ? Kind.GARBLED : Kind.UNREACHABLE);
    }
  }

  @Test
  void aRequestIsMadeOnce() {
    answer(aResponse().withFault(Fault.EMPTY_RESPONSE));

    assertThat(registering().kind()).isEqualTo(Kind.UNREACHABLE);

    verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void nobodyThereIsUnreachable() {
    try (ConsulAgent nobody = agentAt("127.0.0.1:" + FreePorts.pick(1).get(0));
        ConsulAgent noSocket = agentAt("unix:///nowhere/consul.sock")) {
      for (ConsulAgent absent : List.of(nobody, noSocket)) {
        assertThat(catchThrowableOfType(AgentException.class, absent::observe).kind())
            .isEqualTo(Kind.UNREACHABLE);
        assertThat(catchThrowableOfType(AgentException.class, absent::facts).kind())
            .isEqualTo(Kind.UNREACHABLE);
      }
    }
  }

  @Test
  void aReadThatHangsTimesOutWhereAWriteStillWaits() {
    answer(okJson("{}").withFixedDelay(3000));

    assertThat(observing().kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(asking().kind()).isEqualTo(Kind.TIMEOUT);
    assertThatCode(() -> agent.register(Samples.plain("web"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "200,''",
    "404,'Unknown service ID \"a\". Ensure that the service ID is passed, not the service name.'",
    "500,'Unknown service {\"a\" {}}'",
    "500,'Unknown check \"a\"'"
  })
  void whatIsNotThereIsGone(int status, String text) {
    answer(aResponse().withStatus(status).withBody(text));
    stubFor(get(urlPathEqualTo("/v1/agent/checks")).willReturn(okJson("{}")));

    assertThatCode(() -> agent.deregister("a")).doesNotThrowAnyException();
    assertThatCode(() -> agent.deregisterCheck("a")).doesNotThrowAnyException();
  }

  @Test
  void aCheckIsTakenOverWithOurTokenBeforeItGoesAndSaysWhatItSaid() throws AgentException {
    answer(aResponse());
    held("{\"CheckID\": \"c\", \"Name\": \"up\", \"ServiceID\": \"web\", \"Status\": \"warning\"}");

    agent.deregisterCheck("c");

    verify(
        putRequestedFor(urlEqualTo("/v1/agent/check/register"))
            .withRequestBody(
                equalToJson(
                    """
                    {"ID": "c", "Name": "up", "ServiceID": "web", "Status": "warning",
                      "TTL": "87600h"}
                    """)));
    verify(putRequestedFor(urlEqualTo("/v1/agent/check/deregister/c")));
  }

  @ParameterizedTest
  @CsvSource({"500,'ServiceID \"web\" does not exist'", "403,'Permission denied'"})
  void aCheckThatCannotBeTakenOverGoesAllTheSame(int status, String text) throws AgentException {
    answer(aResponse());
    held("{\"CheckID\": \"c\", \"ServiceID\": \"web\"}");
    stubFor(
        put("/v1/agent/check/register").willReturn(aResponse().withStatus(status).withBody(text)));

    agent.deregisterCheck("c");

    verify(putRequestedFor(urlEqualTo("/v1/agent/check/deregister/c")));
  }

  private static void held(String check) {
    stubFor(get(urlPathEqualTo("/v1/agent/checks")).willReturn(okJson("{\"c\": " + check + "}")));
  }

  @Test
  void aPageOfAnotherServerDoesNotMeanGone() {
    answer(aResponse().withStatus(404).withHeader("Content-Type", "text/html").withBody("<p>404"));

    assertThat(deregistering().kind()).isEqualTo(Kind.GARBLED);
  }

  @Test
  void idsAreEncodedWhateverTheyHold() throws AgentException {
    answer(aResponse());
    stubFor(get(urlPathEqualTo("/v1/agent/checks")).willReturn(okJson("{}")));

    agent.deregister("a/b c?d#e%f+ü");
    agent.deregisterCheck("_service_maintenance:a/b");

    verify(
        putRequestedFor(urlEqualTo("/v1/agent/service/deregister/a%2Fb%20c%3Fd%23e%25f+%C3%BC")));
    verify(putRequestedFor(urlEqualTo("/v1/agent/check/deregister/_service_maintenance:a%2Fb")));
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", ""})
  void idsThatNoUrlCanAddressAreRefused(String id) {
    assertThatThrownBy(() -> agent.deregister(id)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> agent.deregisterCheck(id))
        .isInstanceOf(IllegalArgumentException.class);
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void everyRequestCarriesTheTokenInOneHeaderAndNotInItsUrl() throws AgentException {
    answer(okJson(NODE));

    agent.observe();
    agent.facts();
    agent.register(Samples.connected("web"));
    agent.deregister("web");
    agent.deregisterCheck("web");

    List<LoggedRequest> requests = WireMock.findAll(anyRequestedFor(anyUrl()));
    assertThat(requests).hasSize(7);
    assertThat(requests)
        .extracting(LoggedRequest::getUrl)
        .containsExactlyInAnyOrder(
            "/v1/agent/services",
            "/v1/agent/checks",
            "/v1/agent/self",
            "/v1/agent/service/register",
            "/v1/agent/service/deregister/web",
            "/v1/agent/checks?filter=CheckID%20%3D%3D%20%22web%22",
            "/v1/agent/check/deregister/web");
    for (LoggedRequest request : requests) {
      assertThat(request.getUrl()).doesNotContain("token", SECRET);
      assertThat(request.header("X-Consul-Token").values()).containsExactly(SECRET);
    }
  }

  @Test
  void anAddressMayHaveAPath(WireMockRuntimeInfo wire) throws AgentException {
    stubFor(any(urlEqualTo("/gate/consul/v1/agent/self")).willReturn(okJson(NODE)));
    stubFor(any(urlEqualTo("/gate/consul/v1/agent/service/deregister/x")).willReturn(aResponse()));
    for (String address : List.of("/gate/consul", "/gate/consul/")) {
      try (ConsulAgent behind = agentAt(wire.getHttpBaseUrl() + address)) {
        assertThat(behind.facts().nodeName()).isEqualTo("n1");
        behind.deregister("x");
      }
    }
  }

  @Test
  void whatTheAgentOffersToProxiesIsAmongItsFacts() throws AgentException {
    answer(
        okJson(
            """
            {"Config": {"NodeName": "n1"}, "DebugConfig": {"ConnectEnabled": false,
              "GRPCPort": 8502, "HTTPMaxConnsPerClient": 300}}
            """));

    assertThat(agent.facts().offers())
        .isEqualTo(
            new AgentFacts.Offers(Optional.of(false), OptionalInt.of(8502), OptionalInt.of(300)));
  }

  @Test
  void anAgentWithADataDirectoryKeepsWhatIsRegistered() throws AgentException {
    answer(okJson("{\"Config\":{\"NodeName\":\"n1\"},\"DebugConfig\":{\"DataDir\":\"/d\"}}"));
    assertThat(agent.facts().keeps()).isTrue();

    answer(okJson("{\"Config\":{\"NodeName\":\"n1\"},\"DebugConfig\":{\"DataDir\":\"\"}}"));
    assertThat(agent.facts().keeps()).isFalse();
  }

  @Test
  void factsThatAVersionDoesNotTellAreEmpty() throws AgentException {
    answer(okJson("{\"Config\":{\"NodeName\":\"n1\"},\"DebugConfig\":null,\"Stats\":[]}"));

    assertThat(agent.facts()).isEqualTo(new AgentFacts("n1", "", "", "", "", 0, 0));
  }

  @Test
  void anAnswerWithoutANodeIsNoAgents() {
    answer(okJson("{\"status\":\"ok\"}"));

    assertThat(asking().kind()).isEqualTo(Kind.GARBLED);
  }

  @Test
  void anEmptyAgentHoldsNothing() throws AgentException {
    answer(okJson("{}"));

    assertThat(agent.observe()).isEqualTo(Observed.NOTHING);
  }

  private static void answer(ResponseDefinitionBuilder response) {
    stubFor(any(anyUrl()).willReturn(response));
  }

  private static ConsulAgent agentAt(String address) {
    return ConsulAgent.at(
        new HttpTransport(new HttpTransport.Options(address, () -> Optional.of(SECRET))));
  }

  private AgentException observing() {
    return catchThrowableOfType(AgentException.class, agent::observe);
  }

  private AgentException asking() {
    return catchThrowableOfType(AgentException.class, agent::facts);
  }

  private AgentException registering() {
    return catchThrowableOfType(
        AgentException.class, () -> agent.register(Samples.connected("web")));
  }

  private AgentException deregistering() {
    return catchThrowableOfType(AgentException.class, () -> agent.deregister("web"));
  }

  private static String everythingIn(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
