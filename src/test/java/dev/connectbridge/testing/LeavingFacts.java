package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.Subject.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How services leave an agent. */
interface LeavingFacts extends Subjects {

  @Test
  @Fact("2.1")
  default void whatIsNotThereLeavesAsWell() {
    Said none = dev().deregister("");

    assertThat(dev().deregister("nope").status()).isEqualTo(200);
    assertThat(dev().deregister("nope").text()).isEmpty();
    assertThat(none.status()).isEqualTo(500);
    assertThat(none.text()).isEqualTo("ServiceID missing");
  }

  @Test
  @Fact("2.1")
  default void withAclsWhatIsNotThereIsAnError() {
    Said said = guarded().deregister("nope");

    assertThat(said.status()).isEqualTo(500);
    assertThat(said.text()).isEqualTo("Unknown service {\"nope\" {}}");
  }

  @Test
  @Fact("2.2")
  default void manyAtOnceLeaveNothingBehind() {
    List<CompletableFuture<Said>> all = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String id = "n22" + i % 5;
      all.add(
          i % 2 == 0
              ? dev().later("", "PUT", "/v1/agent/service/register", "{\"Name\":\"" + id + "\"}")
              : dev().later("", "PUT", "/v1/agent/service/deregister/" + id, ""));
    }

    assertThat(all).allMatch(said -> said.join().status() == 200);
    for (int i = 0; i < 5; i++) {
      dev().deregister("n22" + i);
    }
    assertThat(dev().services().toString()).doesNotContain("n22");
    assertThat(dev().get("/v1/catalog/services").text()).doesNotContain("n22");
  }

  @Test
  @Fact("2.3")
  default void aSidecarThatLeavesFirstOrIsNestedIsNeverLeftBehind() {
    dev().register("{'Name':'n23','Port':1,'Check':{'TTL':'9s'},'Connect':{'SidecarService':{}}}");
    assertThat(dev().deregister("n23-sidecar-proxy").status()).isEqualTo(200);
    assertThat(dev().deregister("n23").status()).isEqualTo(200);
    dev().register("{'Name':'n23','Port':1,'Check':{'TTL':'9s'},'Connect':{'SidecarService':{}}}");
    dev().deregister("n23");

    assertThat(dev().services().toString()).doesNotContain("n23");
    assertThat(dev().checks().toString()).doesNotContain("n23");
    dev()
        .eventually(
            "the catalog has none of it",
            () -> dev().inCatalog("n23") + dev().inCatalog("n23-sidecar-proxy") == 0);
  }

  @Test
  @Fact("2.4")
  default void aMaintenanceModeSurvivesAWriteButNotAReplacement() {
    dev().register("{'Name':'n24'}");
    Said on = dev().put("/v1/agent/service/maintenance/n24?enable=true&reason=disk", "");
    dev().register("{'Name':'n24','Port':5}");

    assertThat(on.status()).isEqualTo(200);
    assertThat(dev().checks().path("_service_maintenance:n24").path("Notes").asText())
        .isEqualTo("disk");
    assertThat(dev().get("/v1/health/service/n24?passing").json()).isEmpty();
    assertThat(dev().put("/v1/agent/service/maintenance/nope?enable=true", "").status())
        .isEqualTo(404);
    assertThat(dev().put("/v1/agent/service/maintenance/n24", "").text())
        .isEqualTo("Missing value for enable");
    dev().put("/v1/agent/service/register?replace-existing-checks=true", "{'Name':'n24'}");
    assertThat(dev().checks().has("_service_maintenance:n24")).isFalse();
  }
}
