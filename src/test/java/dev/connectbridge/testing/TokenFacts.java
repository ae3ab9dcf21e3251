package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.connectbridge.testing.Subject.Said;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a token is needed for. */
interface TokenFacts extends Subjects {
  String REGISTER = "/v1/agent/service/register";

  @Test
  @Fact("5.1")
  default void aServiceAndItsSidecarEachNeedTheirRight() {
    String both = guarded().token("service_prefix \"n51\" { policy = \"write\" }").getKey();
    String one = guarded().token("service \"n51\" { policy = \"write\" }").getKey();
    String body = "{\"Name\":\"n51\",\"Port\":1,\"Connect\":{\"SidecarService\":{}}}";
    Said refused = guarded().with(one, "PUT", REGISTER, body);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text())
        .isEqualTo("Permission denied: Missing service:write on n51-sidecar-proxy");
    assertThat(guarded().services().has("n51")).isFalse();
    assertThat(guarded().with(both, "PUT", REGISTER, body).status()).isEqualTo(200);
    assertThat(guarded().inCatalog("n51-sidecar-proxy")).isEqualTo(1);
    assertThat(
            guarded()
                .with(one, "PUT", "/v1/agent/service/deregister/n51-sidecar-proxy", "")
                .status())
        .isEqualTo(403);
  }

  @Test
  @Fact("5.2")
  default void refusalsHaveTheirTexts() {
    Said unknown =
        guarded().with("99999999-2222-3333-4444-555555555555", "GET", "/v1/agent/services", "");
    Said self = guarded().with("", "GET", "/v1/agent/self", "");
    guarded().register("{'Name':'n52'}");
    Said service = guarded().with("", "GET", "/v1/agent/service/n52", "");

    assertThat(unknown.status()).isEqualTo(403);
    assertThat(unknown.text()).isEqualTo("ACL not found");
    assertThat(self.status()).isEqualTo(403);
    assertThat(self.text()).isEqualTo("Permission denied");
    assertThat(service.status()).isEqualTo(403);
    assertThat(service.text()).isEqualTo("Permission denied");
  }

  @Test
  @Fact("5.3")
  default void whoMayNotSeeIsShownLessAndNotToldSo() {
    guarded().register("{'Name':'n53','Check':{'TTL':'9s'},'Connect':{'SidecarService':{}}}");
    String weak = guarded().token("service_prefix \"n53\" { policy = \"read\" }").getKey();

    assertThat(guarded().with("", "GET", "/v1/agent/services", "").text().strip()).isEqualTo("{}");
    assertThat(guarded().with("", "GET", "/v1/agent/checks", "").text().strip()).isEqualTo("{}");
    assertThat(guarded().with(weak, "GET", "/v1/agent/services", "").json().has("n53")).isTrue();
    assertThat(guarded().with(weak, "GET", "/v1/catalog/service/n53", "").json()).isEmpty();
    assertThat(guarded().with(weak, "GET", "/v1/health/connect/n53", "").json()).isEmpty();
    assertThat(guarded().with(weak, "GET", "/v1/catalog/node-services/n1", "").json())
        .hasToString("{\"Node\":null,\"Services\":null}");
  }

  @Test
  @Fact("5.3")
  default void everybodyMayAskWhatItMay() {
    String weak = guarded().token("service \"n53\" { policy = \"read\" }").getKey();
    String ask =
        "[{\"Resource\":\"service\",\"Access\":\"read\",\"Segment\":\"n53\"},"
            + "{\"Resource\":\"service\",\"Access\":\"write\",\"Segment\":\"n53\"}]";
    JsonNode answer = guarded().with(weak, "POST", "/v1/internal/acl/authorize", ask).json();

    assertThat(answer.path(0).path("Allow").asBoolean()).isTrue();
    assertThat(answer.path(1).path("Allow").asBoolean()).isFalse();
    assertThat(answer.path(1).path("Segment").asText()).isEqualTo("n53");
    Said off = dev().with("", "POST", "/v1/internal/acl/authorize", ask);
    assertThat(off.status()).isEqualTo(401);
    assertThat(off.text()).isEqualTo("ACL support disabled");
  }

  @Test
  @Fact("5.4")
  default void anEntryWhoseTokenDiedLeavesAGhost() {
    Map.Entry<String, String> token =
        guarded().token("service_prefix \"n54\" { policy = \"write\" }");
    guarded().with(token.getKey(), "PUT", REGISTER, "{\"Name\":\"n54\"}");
    guarded().revoke(token);
    Said gone = guarded().deregister("n54");

    assertThat(gone.status()).isEqualTo(200);
    assertThat(guarded().services().has("n54")).isFalse();
    assertThat(guarded().inCatalog("n54")).isEqualTo(1);
    guarded().register("{'Name':'n54'}");
    guarded().deregister("n54");
    assertThat(guarded().inCatalog("n54")).isZero();
  }

  @Test
  @Fact("5.5")
  default void aTokenMayComeInSeveralWays() {
    String token = guarded().token("service \"n55\" { policy = \"write\" }").getKey();
    String body = "{\"Name\":\"n55\"}";

    assertThat(guarded().with("", "PUT", REGISTER + "?token=" + token, body).status())
        .isEqualTo(200);
    assertThat(guarded().with(token, "PUT", REGISTER + "?token=nobody", body).status())
        .isEqualTo(403);
    assertThat(
            guarded()
                .with("", "PUT", REGISTER, "{\"Name\":\"n55\",\"Token\":\"" + token + "\"}")
                .status())
        .isEqualTo(403);
  }
}
