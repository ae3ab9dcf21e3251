package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What outlives an agent. */
interface RestartFacts extends Subjects {

  @Test
  @Fact("4.1")
  default void withADirectoryAllIsBackAfterARestart() {
    kept()
        .register(
            "{'Name':'n41','Port':1,'Check':{'CheckID':'n41-c','TTL':'1h','Status':'passing'},"
                + "'Connect':{'SidecarService':{}}}");
    kept().put("/v1/agent/service/maintenance/n41?enable=true&reason=x", "");
    kept().restart();

    assertThat(kept().services().has("n41")).isTrue();
    assertThat(kept().checks().has("_service_maintenance:n41")).isTrue();
    assertThat(kept().checks().path("service:n41-sidecar-proxy:1").path("Status").asText())
        .isEqualTo("critical");
    kept().deregister("n41");
    assertThat(kept().services().has("n41-sidecar-proxy")).isFalse();
  }

  @Test
  @Fact("4.1")
  default void withoutOneAllIsLost() {
    dev().register("{'Name':'n41b'}");
    dev().restart();

    assertThat(dev().services()).isEmpty();
    assertThat(dev().inCatalog("n41b")).isZero();
  }

  @Test
  @Fact("1.6")
  default void aliasNodeEndsTheAgent() {
    String body = "{'Name':'n16','Port':9,'Check':{'AliasNode':'n2'}}";
    // The agent may still answer: it dies when the check begins.
    var unused = dev().later("", "PUT", "/v1/agent/service/register", body.replace('\'', '"'));
    dev()
        .eventually(
            "it has ended",
            () ->
                dev()
                    .later("", "GET", "/v1/agent/services", "")
                    .handle((said, e) -> e != null)
                    .join());

    dev().restart();
    assertThat(dev().services()).isEmpty();
  }

  @Test
  @Fact("4.6")
  default void aReloadKeepsWhatADirectoryHolds() {
    kept().register("{'Name':'n46'}");
    kept().put("/v1/agent/reload", "");

    kept().eventually("it is shown again", () -> kept().services().has("n46"));
    assertThat(kept().inCatalog("n46")).isEqualTo(1);
    assertThat(directory(kept())).isNotEmpty();
  }

  @Test
  @Fact("4.6")
  default void aReloadWithoutADirectoryLosesAll() {
    dev().register("{'Name':'n46b'}");
    dev().put("/v1/agent/reload", "");

    dev().eventually("it is gone", () -> !dev().services().has("n46b"));
    assertThat(directory(dev())).isEmpty();
  }

  private static String directory(Subject agent) {
    JsonNode said = agent.get("/v1/agent/self").json().path("DebugConfig").path("DataDir");
    return said.asText("unsaid");
  }
}
