package dev.connectbridge.docker;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectbridge.sidecar.TaskException;
import dev.connectbridge.sidecar.TaskException.Kind;
import dev.connectbridge.sidecar.TaskId;
import dev.connectbridge.sidecar.TaskOrder;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no real engine does when a test wants it. */
@WireMockTest
class DockerDriverTest {
  private static final String NAME = "connect-bridge-alloc-1.connect-proxy-api";
  private static final String SECRET = "hunter22";
  private static final String RUNNING = container("running", true);
  private static final String ENDED = container("exited", false);

  @TempDir private Path directory;
  private DockerDriver driver;

  private static String container(String status, boolean running) {
    return """
        {"Id": "c1", "State": {"Status": "%s", "Running": %s, "ExitCode": 0},
         "Config": {"Labels": {"connect-bridge.owner": "docker-test", "connect-bridge.hash": "h",
                               "connect-bridge.task": "alloc-1.connect-proxy-api"}}}"""
        .formatted(status, running);
  }

  @BeforeEach
  void connect(WireMockRuntimeInfo engine) {
    driver = DockerDriver.at(engine.getHttpBaseUrl());
    version("1.41", "1.12");
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @ParameterizedTest
  @CsvSource({"1.41, 1.12, 1.41", "1.30, 1.12, 1.30", "1.52, 1.24, 1.41", "1.52, 1.44, 1.44"})
  void theVersionIsOneThatBothKnow(String theirs, String least, String spoken) throws Exception {
    version(theirs, least);
    stubFor(get(urlPathMatching(".*/containers/json")).willReturn(okJson("[]")));

    driver.observe("o");
    driver.observe("o");

    verify(2, getRequestedFor(urlPathEqualTo("/v" + spoken + "/containers/json")));
    verify(1, getRequestedFor(urlPathEqualTo("/version")));
  }

  /** Podman 4.3 fails a whole list when one container in it ends just then. */
  @Test
  void aListThatMetTheEndOfAContainerIsAskedForAgain() throws Exception {
    stubFor(
        get(urlPathMatching(".*/containers/json"))
            .inScenario("end")
            .willReturn(
                aResponse()
                    .withStatus(500)
                    .withBody("{\"message\": \"read /proc/7/cgroup: no such process\"}"))
            .willSetStateTo("over"));
    stubFor(
        get(urlPathMatching(".*/containers/json"))
            .inScenario("end")
            .whenScenarioStateIs("over")
            .willReturn(okJson("[]")));

    assertThat(driver.observe("o")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"ApiVersion\": \"1.20\"}", "{}", "[]", "\"1.41\""})
  void whatIsNoEngineIsNotUsed(String version) {
    stubFor(get("/version").willReturn(okJson(version)));

    assertUnavailable(() -> driver.observe("o"));
  }

  @Test
  void anEngineThatIsAwayIsSaidSo() {
    try (DockerDriver nobody = DockerDriver.at("unix://" + directory.resolve("no.sock"))) {
      assertUnavailable(() -> nobody.observe("o"))
          .hasMessageContaining("the Docker engine at unix://")
          .hasMessageContaining("No such file or directory");
      assertThat(nobody.warnings(order().make())).isEmpty();
      assertThat(nobody.refusals(order().make())).isEmpty();
    }
    try (DockerDriver nobody = DockerDriver.at("tcp://127.0.0.1:1")) {
      assertUnavailable(() -> nobody.start(order().make())).hasMessageContaining("refused");
    }
  }

  @Test
  void anAddressOfAnotherFormIsRefused() {
    assertThatThrownBy(() -> DockerDriver.at("ssh://somewhere"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("engine");
  }

  @Test
  void anAnswerThatIsCutShortIsNone() {
    stubFor(
        get(urlPathMatching(".*/containers/json"))
            .willReturn(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)));

    assertUnavailable(() -> driver.observe("o"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>proxy</html>", "[{\"Id\": \"c1\"", "\u0000"})
  void anAnswerThatIsNoJsonIsAFailureThatQuotesNothing(String text) {
    stubFor(get(urlPathMatching(".*/containers/json")).willReturn(okJson(text)));

    assertThatThrownBy(() -> driver.observe("o"))
        .satisfies(e -> assertThat(((TaskException) e).kind()).isEqualTo(Kind.FAILED))
        .hasMessageContaining("no JSON");
  }

  @Test
  void aContainerThatGoesWhileItIsLookedAtIsGone() throws Exception {
    stubFor(
        get(urlPathMatching(".*/containers/json"))
            .willReturn(okJson("[{\"Id\": \"c1\", \"State\": \"exited\"}]")));
    stubFor(get(urlPathMatching(".*/c1/json")).willReturn(aResponse().withStatus(404)));

    assertThat(driver.observe("docker-test")).isEmpty();
  }

  @Test
  void aContainerWithSomebodyElsesLabelsIsNoTask() throws Exception {
    stubFor(
        get(urlPathMatching(".*/containers/json"))
            .willReturn(
                okJson(
                    """
                    [{"Id": "c1", "State": "running", "Labels": {"connect-bridge.task": "!"}},
                     {"Id": "c2", "State": "running", "Labels": {}}]""")));

    assertThat(driver.observe("docker-test")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "404, 'pull access denied for x, repository does not exist', REFUSED",
    "404, 'manifest for x:1 not found: manifest unknown', REFUSED",
    "500, 'Get https://r/v2/: dial tcp: lookup r: no such host', FAILED"
  })
  void anImageThatCannotBePulledIsSaidSo(int status, String said, Kind kind) {
    nothingIsThere();
    stubFor(
        post(urlPathMatching(".*/images/create"))
            .willReturn(okJson("{\"message\": \"%s\"}".formatted(said)).withStatus(status)));

    assertThatThrownBy(() -> driver.start(order().make()))
        .satisfies(e -> assertThat(((TaskException) e).kind()).isEqualTo(kind))
        .hasMessage("the image r.example/proxy:1 cannot be pulled: " + said);
  }

  @Test
  void aPullThatFailsInTheMidstOfItHasFailed() {
    nothingIsThere();
    stubFor(
        post(urlPathMatching(".*/images/create"))
            .willReturn(
                okJson(
                    """
                    {"status":"Pulling from proxy","id":"1"}
                    {"status":"Downloading","progressDetail":{"current":1,"total":2}}
                    {"errorDetail":{"message":"no space left"},"error":"no space left"}
                    """)));

    assertThatThrownBy(() -> driver.start(order().make()))
        .satisfies(e -> assertThat(((TaskException) e).kind()).isEqualTo(Kind.FAILED))
        .hasMessageEndingWith("cannot be pulled: no space left");
    verify(
        postRequestedFor(urlPathEqualTo("/v1.41/images/create"))
            .withQueryParam("fromImage", equalTo("r.example/proxy"))
            .withQueryParam("tag", equalTo("1")));
  }

  @Test
  void anImageIsPulledWhenItIsMissingOrItsAuthorSaysSo() throws Exception {
    nothingIsThere();
    stubFor(post(urlPathMatching(".*/images/create")).willReturn(okJson("{\"status\":\"done\"}")));
    starts();

    driver.start(order().make());
    verify(1, postRequestedFor(urlPathMatching(".*/images/create")));

    stubFor(get(urlPathMatching(".*/images/.*/json")).willReturn(okJson("{}")));
    driver.start(order().make());
    verify(1, postRequestedFor(urlPathMatching(".*/images/create")));

    driver.start(order().with("force_pull", "true").make());
    verify(2, postRequestedFor(urlPathMatching(".*/images/create")));
  }

  @Test
  void aNameThatIsTakenIsAFailureWithTheEnginesWords() {
    nothingIsThere();
    stubFor(get(urlPathMatching(".*/images/.*/json")).willReturn(okJson("{}")));
    stubFor(
        post(urlPathMatching(".*/containers/create"))
            .willReturn(okJson("{\"message\": \"Conflict.\\nName in use\"}").withStatus(409)));

    assertThatThrownBy(() -> driver.start(order().make()))
        .satisfies(e -> assertThat(((TaskException) e).kind()).isEqualTo(Kind.FAILED))
        .hasMessageEndingWith("409 Conflict. Name in use");
  }

  @Test
  void whatTheEngineQuotesOfTheEnvironmentIsHidden() {
    nothingIsThere();
    stubFor(get(urlPathMatching(".*/images/.*/json")).willReturn(okJson("{}")));
    stubFor(
        post(urlPathMatching(".*/containers/create"))
            .willReturn(okJson("{\"message\": \"bad: A=hunter22!\"}").withStatus(400)));
    TaskOrder order = order().env("A", SECRET).make();

    assertThatThrownBy(() -> driver.start(order)).hasMessageContaining("bad: A=(hidden)!");
    assertThat(order.toString() + Secrets.of(order)).doesNotContain(SECRET);
  }

  @Test
  void whatDoesNotStartIsRemoved() {
    nothingIsThere();
    stubFor(get(urlPathMatching(".*/images/.*/json")).willReturn(okJson("{}")));
    stubFor(post(urlPathMatching(".*/containers/create")).willReturn(okJson("{\"Id\": \"c9\"}")));
    stubFor(
        post(urlPathMatching(".*/c9/start"))
            .willReturn(okJson("{\"message\": \"no such file\"}").withStatus(500)));
    stubFor(delete(urlPathMatching(".*/c9")).willReturn(aResponse().withStatus(204)));

    assertThatThrownBy(() -> driver.start(order().make())).hasMessageContaining("no such file");
    verify(deleteRequestedFor(urlPathEqualTo("/v1.41/containers/c9")));
  }

  @ParameterizedTest
  @CsvSource({
    "404, gone",
    "409, Container c1 is not running",
    "500, Container c1 is not running",
    "500, can only kill running containers: container state improper"
  })
  void aTaskThatEndedMeanwhileNeedsNoSignal(int status, String said) throws Exception {
    stubFor(get(urlPathMatching(".*/containers/json")).willReturn(okJson("[]")));
    stubFor(get(urlPathMatching(".*/" + NAME + "/json")).willReturn(okJson(RUNNING)));
    stubFor(
        post(urlPathMatching(".*/kill"))
            .willReturn(okJson("{\"message\": \"%s\"}".formatted(said)).withStatus(status)));
    driver.observe("docker-test");

    driver.signal(id(), "SIGHUP");
    driver.kill(id());

    verify(postRequestedFor(urlMatching("/v1.41/containers/c1/kill\\?signal=SIGHUP")));
    verify(postRequestedFor(urlMatching("/v1.41/containers/c1/kill\\?signal=SIGKILL")));
  }

  @Test
  void anyOtherAnswerToASignalIsAFailure() throws Exception {
    stubFor(get(urlPathMatching(".*/containers/json")).willReturn(okJson("[]")));
    stubFor(get(urlPathMatching(".*/" + NAME + "/json")).willReturn(okJson(RUNNING)));
    stubFor(post(urlPathMatching(".*/kill")).willReturn(aResponse().withStatus(500)));
    driver.observe("docker-test");

    assertThatThrownBy(() -> driver.signal(id(), "")).isInstanceOf(TaskException.class);
    verify(postRequestedFor(urlMatching("/v1.41/containers/c1/kill\\?signal=SIGTERM")));
  }

  /** Podman tells the number. */
  @Test
  void theImagesSignalIsPassedOnAsItIsTold() throws Exception {
    stubFor(get(urlPathMatching(".*/containers/json")).willReturn(okJson("[]")));
    stubFor(
        get(urlPathMatching(".*/" + NAME + "/json"))
            .willReturn(okJson(RUNNING.replace("\"Labels\"", "\"StopSignal\": 2, \"Labels\""))));
    stubFor(post(urlPathMatching(".*/kill")).willReturn(aResponse().withStatus(204)));
    driver.observe("docker-test");

    driver.signal(id(), "");

    verify(postRequestedFor(urlMatching("/v1.41/containers/c1/kill\\?signal=2")));
  }

  @Test
  void forgettingWhatRunsIsAFailure() throws Exception {
    stubFor(get(urlPathMatching(".*/containers/json")).willReturn(okJson("[]")));
    stubFor(get(urlPathMatching(".*/" + NAME + "/json")).willReturn(okJson(ENDED)));
    stubFor(
        delete(urlPathMatching(".*/c1"))
            .willReturn(okJson("{\"message\": \"it runs\"}").withStatus(409)));
    driver.observe("docker-test");

    assertThatThrownBy(() -> driver.forget(id())).hasMessageContaining("it runs");
  }

  @Test
  void whoeverListensIsToldWhenTheEngineIsBack() throws Exception {
    stubFor(
        get(urlPathMatching(".*/events"))
            .willReturn(
                okJson(
                    """
                    {"Action":"die","Actor":{"Attributes":{"connect-bridge.owner":"somebody"}}}
                    {"Action":"die","Actor":{"Attributes":{"connect-bridge.owner":"somebody"}}}
                    """)));
    CountDownLatch told = new CountDownLatch(6);

    driver.onExit(told::countDown);

    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void noTokenIsSentToAnEngine() throws Exception {
    stubFor(get(urlPathMatching(".*/containers/json")).willReturn(okJson("[]")));

    driver.observe("o");

    verify(2, anyRequestedFor(anyUrl()).withoutHeader("X-Consul-Token"));
  }

  private void nothingIsThere() {
    stubFor(
        get(urlPathMatching(".*/json"))
            .willReturn(okJson("{\"message\": \"No such thing\"}").withStatus(404)));
  }

  /** A container whose name nobody has, until it is made. */
  private void starts() {
    stubFor(post(urlPathMatching(".*/containers/create")).willReturn(okJson("{\"Id\": \"c1\"}")));
    stubFor(post(urlPathMatching(".*/c1/start")).willReturn(aResponse().withStatus(204)));
    stubFor(get(urlPathMatching(".*/containers/c1/json")).willReturn(okJson(RUNNING)));
  }

  private Orders order() {
    return Orders.in(directory).with("image", "r.example/proxy:1");
  }

  private static TaskId id() {
    return TaskId.of("alloc-1", "connect-proxy-api");
  }

  private static void version(String theirs, String least) {
    stubFor(
        get("/version")
            .willReturn(
                okJson(
                    "{\"ApiVersion\": \"%s\", \"MinAPIVersion\": \"%s\"}"
                        .formatted(theirs, least))));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertUnavailable(
      ThrowingCallable call) {
    return assertThatThrownBy(call)
        .satisfies(e -> assertThat(((TaskException) e).kind()).isEqualTo(Kind.UNAVAILABLE));
  }
}
