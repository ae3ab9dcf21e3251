package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.testing.Subject.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an agent does while its servers are not there, and how both come together again. */
interface ClusterFacts extends Subjects {
  String CATALOG = "/v1/catalog/service/";

  @Test
  @Fact("4.3")
  default void aServerWaitsSevenSecondsForALeaderIfItIsNotToldOtherwise() {
    assertThat(patience(dev())).isEqualTo(Duration.ofSeconds(7));
  }

  private static Duration patience(Subject agent) {
    JsonNode self = agent.get("/v1/agent/self").json();
    return Duration.parse("PT" + self.path("DebugConfig").path("RPCHoldTimeout").asText());
  }

  @Test
  @Fact("4.3")
  default void withoutALeaderEachWriteIsDoneAndWaitsForOneAfterTheOtherAndSoDoReadersMeanwhile() {
    voter().register("{'Name':'n43'}");
    Duration patience = patience(voter());
    voter().loseServers();
    CompletableFuture<Timed> first = registered("n43c");
    CompletableFuture<Timed> second = registered("n43d");
    voter()
        .eventually(
            "a reader waits, too",
            () ->
                voter()
                    .outcome(timed("GET", "/v1/agent/services"))
                    .isLonger(patience.dividedBy(4)));
    Said leader = voter().get("/v1/status/leader");
    Said invalid = voter().put("/v1/agent/service/register", "{'Name':''}");
    Timed one = voter().outcome(first);
    Timed other = voter().outcome(second);
    Timed third = voter().outcome(timed("PUT", "/v1/agent/service/deregister/n43"));

    assertThat(leader.text().strip()).isEqualTo("\"\"");
    assertThat(voter().get("/v1/status/leader").text().strip()).isEqualTo("\"\"");
    assertThat(invalid.status()).isEqualTo(400);
    for (Timed write : List.of(one, other, third)) {
      assertThat(write.said.status()).isEqualTo(200);
      assertThat(write.isLonger(patience.dividedBy(2))).as("%s", write.took).isTrue();
    }
    assertThat(List.of(one, other))
        .as("one after the other")
        .anyMatch(write -> write.isLonger(patience.multipliedBy(3).dividedBy(2)));
    assertThat(voter().services().has("n43")).isFalse();
    assertThat(voter().services().has("n43d")).isTrue();
    voter().regainServers();
    voter()
        .eventually(
            "the catalog follows",
            () -> voter().inCatalog("n43") == 0 && voter().inCatalog("n43d") == 1);
  }

  private CompletableFuture<Timed> registered(String name) {
    return timed("PUT", "/v1/agent/service/register", "{\"Name\":\"" + name + "\"}");
  }

  @Test
  @Fact("4.3")
  default void withoutALeaderOnlyWhoTakesWhatIsOldIsToldWhatServersKnow() {
    voter().register("{'Name':'n43b'}");
    String stale = CATALOG + "n43b?stale";
    voter().eventually("this server has it", () -> voter().get(stale).json().size() == 1);
    Duration patience = patience(voter());
    voter().loseServers();

    for (String path : List.of(CATALOG + "n43b", "/v1/kv/n43b")) {
      Timed none = voter().outcome(timed("GET", path));
      assertThat(none.said.text()).as(path).isEqualTo("No cluster leader");
      assertThat(none.said.status()).as(path).isEqualTo(500);
      assertThat(none.isLonger(patience.dividedBy(2))).as(path).isTrue();
    }
    assertThat(voter().get(stale).json()).hasSize(1);
    assertThat(voter().get(stale).header("X-Consul-KnownLeader")).isEqualTo("false");
    voter().regainServers();
    assertThat(voter().inCatalog("n43b")).isEqualTo(1);
  }

  /** An answer, and how long it took. */
  record Timed(Said said, Duration took) {
    boolean isLonger(Duration than) {
      return took.compareTo(than) > 0;
    }
  }

  private CompletableFuture<Timed> timed(String method, String path) {
    return timed(method, path, "");
  }

  private CompletableFuture<Timed> timed(String method, String path, String body) {
    Instant begin = voter().now();
    return voter()
        .later("", method, path, body)
        .thenApply(said -> new Timed(said, Duration.between(begin, voter().now())));
  }

  @Test
  @Fact("4.4")
  default void aClientWithoutServersDoesItsPartAndTheyHearOfItLater() {
    client().register("{'Name':'n44','Check':{'CheckID':'n44-c','TTL':'1h'}}");
    client().get("/v1/agent/connect/ca/roots");
    client().get("/v1/agent/connect/ca/leaf/n44");
    client().loseServers();
    Said refused = client().get(CATALOG + "n44");

    assertThat(refused.status()).isEqualTo(500);
    assertThat(refused.text()) // the second where it was given up by then
        .matches(
            "rpc error getting client: failed to get conn: dial tcp .*: connect: connection refused"
                + "|No known Consul servers");
    for (String path :
        new String[] {CATALOG + "n44?stale", "/v1/kv/n44", "/v1/config/proxy-defaults/global"}) {
      assertThat(client().get(path).status()).as(path).isEqualTo(500);
    }
    assertThat(client().get("/v1/status/leader").status()).isEqualTo(500);
    assertThat(client().get("/v1/agent/connect/ca/roots").status()).isEqualTo(200);
    assertThat(client().get("/v1/agent/connect/ca/leaf/n44").status()).isEqualTo(200);
    client()
        .eventually(
            "the servers are given up",
            () -> client().get(CATALOG + "n44").text().equals("No known Consul servers"));
    assertThat(client().register("{'Name':'n44b'}").status()).isEqualTo(200);
    assertThat(client().put("/v1/agent/check/pass/n44-c", "").status()).isEqualTo(200);
    assertThat(client().deregister("n44").status()).isEqualTo(200);
    assertThat(client().deregister("nope").status()).isEqualTo(200);
    assertThat(client().services().has("n44b")).isTrue();
    client().regainServers();
    client()
        .eventually(
            "the catalog follows",
            () -> client().inCatalog("n44") == 0 && client().inCatalog("n44b") == 1);
  }

  @Test
  @Fact("4.5")
  default void editsOfTheCatalogAreUnknownToTheAgentUntilItComparesAll() {
    client().register("{'Name':'n45'}");
    client()
        .eventually(
            "it does not compare just now",
            () -> {
              edit("n45");
              client().register("{'Name':'n45b'}");
              client().deregister("n45-other");
              return client().inCatalog("n45") == 0 && client().inCatalog("n45-other") == 1;
            });

    assertThat(client().services().has("n45")).isTrue();
    assertThat(client().inCatalog("n45b")).isEqualTo(1);
    client().untilItCompares();
    client()
        .eventually(
            "it is repaired",
            () -> client().inCatalog("n45") == 1 && client().inCatalog("n45-other") == 0);
  }

  /** Somebody removes a service of ours from the catalog, and puts another one under our node. */
  private void edit(String id) {
    client().put("/v1/catalog/deregister", "{'Node':'n1','ServiceID':'" + id + "'}");
    client()
        .put(
            "/v1/catalog/register",
            "{'Node':'n1','Address':'127.0.0.1','SkipNodeUpdate':true,'Service':"
                + "{'Service':'"
                + id
                + "-other','Port':3}}");
  }

  @Test
  @Fact("4.5")
  default void theSameWriteBringsItsOwnRowBackAtOnce() {
    client().register("{'Name':'n45c'}");
    edit("n45c");
    client().register("{'Name':'n45c'}");

    assertThat(client().inCatalog("n45c")).isEqualTo(1);
  }

  @Test
  @Fact("4.5")
  default void anOutputThatComesWithoutAnotherStatusIsNotToldToTheServersYet() {
    client().register("{'Name':'n45d','Check':{'CheckID':'n45-c','TTL':'1h'}}");
    client().put("/v1/agent/check/pass/n45-c?note=first", "");
    client().put("/v1/agent/check/pass/n45-c?note=second", "");
    client().register("{'Name':'n45d','Port':2}");

    assertThat(client().checks().path("n45-c").path("Output").asText()).isEqualTo("second");
    assertThat(output("n45d")).isEqualTo("first");
    client().put("/v1/agent/check/warn/n45-c?note=third", "");
    assertThat(output("n45d")).isEqualTo("third");
  }

  private String output(String service) {
    for (JsonNode check :
        client().get("/v1/health/service/" + service).json().path(0).path("Checks")) {
      if (check.path("CheckID").asText().equals("n45-c")) {
        return check.path("Output").asText();
      }
    }
    return "";
  }
}
