package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.testing.Subject.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an agent does not have, and how much of it there is. */
interface LimitFacts extends Subjects {

  @Test
  @Fact("4.8")
  default void withoutConnectAllIsRegisteredButThereAreNoCertificates() {
    Said said = bare().register("{'Name':'n48','Connect':{'SidecarService':{'Port':28788}}}");
    JsonNode self = bare().get("/v1/agent/self").json().path("DebugConfig");

    assertThat(said.status()).isEqualTo(200);
    assertThat(bare().get("/v1/health/connect/n48").json()).hasSize(1);
    for (String path : new String[] {"roots", "leaf/n48"}) {
      Said none = bare().get("/v1/agent/connect/ca/" + path);
      assertThat(none.status()).as(path).isEqualTo(500);
      assertThat(none.text()).isEqualTo("Connect must be enabled in order to use this endpoint");
    }
    assertThat(self.path("ConnectEnabled").asBoolean(true)).isFalse();
    assertThat(self.path("GRPCPort").asInt()).isEqualTo(-1);
    assertThat(dev().get("/v1/agent/self").json().path("DebugConfig").path("ConnectEnabled"))
        .hasToString("true");
    assertThat(dev().get("/v1/agent/connect/ca/roots").json().path("Roots")).hasSize(1);
  }

  @Test
  @Fact("10")
  default void connectionsThatAreTooManyAreClosedWithoutAWord() {
    String index = bare().get("/v1/catalog/services").header("X-Consul-Index");
    String path = "/v1/catalog/services?wait=2s&index=" + index;
    List<CompletableFuture<Integer>> asked = new ArrayList<>();
    for (int i = 0; i < FEW + 5; i++) {
      asked.add(
          bare().later("", "GET", path, "").handle((said, e) -> e == null ? said.status() : 0));
    }
    List<Integer> answers = asked.stream().map(each -> bare().outcome(each)).toList();

    assertThat(answers).containsOnly(200, 0);
    assertThat(answers.stream().filter(status -> status == 200)).hasSizeLessThanOrEqualTo(FEW);
    bare()
        .eventually(
            "there is room again",
            () ->
                bare()
                    .later("", "GET", "/v1/status/leader", "")
                    .handle((said, e) -> e == null)
                    .join());
  }
}
