package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectbridge.testing.Subject.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the simulated agent does that the real one of the tests cannot be made to do. */
class SimulatedAloneTest {
  private final SimulatedSubject old = new SimulatedSubject(SimulatedAgent.Options.dev());
  private final SimulatedSubject newer =
      new SimulatedSubject(SimulatedAgent.Options.dev().newer("1.15.2").withAcls("master"));

  @AfterEach
  void stop() {
    old.close();
    newer.close();
  }

  @Test
  void aNewerReleaseSays404ForWhatIsNotThere() {
    assertThat(newer.deregister("nope").status()).isEqualTo(404);
    assertThat(newer.put("/v1/agent/check/deregister/nope", "").status()).isEqualTo(404);
    assertThat(newer.get("/v1/agent/service/nope").status()).isEqualTo(404);
  }

  @Test
  void aNewerReleaseSaysThatAListWasCut() {
    newer.register("{'Name':'cut'}");
    String weak = newer.token("service \"other\" { policy = \"read\" }").getKey();
    Said cut = newer.with(weak, "GET", "/v1/agent/services", "");

    assertThat(cut.json()).isEmpty();
    assertThat(cut.header("X-Consul-Results-Filtered-By-ACLs")).isEqualTo("true");
    assertThat(newer.get("/v1/agent/services").header("X-Consul-Results-Filtered-By-ACLs"))
        .isEmpty();
  }

  @Test
  void aNewerReleaseTakesNewerFields() {
    String body =
        "{'Name':'field','Port':1,'Connect':{'SidecarService':{'Proxy':{'Mode':'direct'}}}}";

    assertThat(newer.register(body).status()).isEqualTo(200);
    assertThat(old.register(body).status()).isEqualTo(400);
  }

  @Test
  void aReaderMayBeWokenThoughNothingHasChanged() {
    old.register("{'Name':'woken'}");
    String index = old.get("/v1/catalog/service/woken").header("X-Consul-Index");
    CompletableFuture<Said> reader =
        old.later("", "GET", "/v1/catalog/service/woken?wait=10m&index=" + index, "");
    await("it has asked").until(() -> old.agent().questions() >= 3);
    old.agent().wakesReaders();

    assertThat(reader.join().header("X-Consul-Index")).isEqualTo(index);
  }

  @Test
  void theIndexMayGoBackAndEvenBeZero() {
    old.register("{'Name':'back'}");
    String index = old.get("/v1/catalog/service/back").header("X-Consul-Index");
    old.agent().indexGoesBackTo(0);
    Said back = old.get("/v1/catalog/service/back?wait=1s&index=" + index);

    assertThat(Integer.parseInt(index)).isPositive();
    assertThat(back.header("X-Consul-Index")).isEqualTo("0");
  }

  @Test
  void theServersHearOfAnOutputFiveMinutesLater() {
    old.register("{'Name':'out','Check':{'CheckID':'out-c','TTL':'1h'}}");
    old.put("/v1/agent/check/pass/out-c?note=first", "");
    old.put("/v1/agent/check/pass/out-c?note=second", "");
    String before = old.get("/v1/health/service/out").text();
    old.advance(Duration.ofMinutes(5));

    assertThat(before).contains("first").doesNotContain("second");
    assertThat(old.get("/v1/health/service/out").text()).contains("second");
  }

  /** The real one may try just then to tell its servers something by itself. */
  @Test
  void aWriteThatChangesNothingWaitsForNoLeaderWhileTheServersKnowAll() {
    old.register("{'Name':'known','Check':{'CheckID':'known-c','TTL':'1h'}}");
    old.put("/v1/agent/check/pass/known-c", "");
    old.loseServers();

    assertThat(took("/v1/agent/service/deregister/nope", "")).isLessThan(Duration.ofSeconds(6));
    assertThat(took("/v1/agent/check/pass/known-c", "")).isLessThan(Duration.ofSeconds(6));
    assertThat(took("/v1/agent/service/register", "{\"Name\":\"new\"}"))
        .isGreaterThan(Duration.ofSeconds(6));
    assertThat(took("/v1/agent/service/deregister/nope", "")).isGreaterThan(Duration.ofSeconds(6));
  }

  private Duration took(String path, String body) {
    Instant begin = old.now();
    assertThat(old.outcome(old.later("", "PUT", path, body)).status()).isEqualTo(200);
    return Duration.between(begin, old.now());
  }
}
