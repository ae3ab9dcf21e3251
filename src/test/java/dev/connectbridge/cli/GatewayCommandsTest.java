package dev.connectbridge.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectbridge.consul.AgentException;
import dev.connectbridge.plan.Plan;
import dev.connectbridge.reconcile.Outcome.Failure;
import dev.connectbridge.reconcile.View;
import dev.connectbridge.resolve.Desired;
import dev.connectbridge.resolve.Observed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands make of a gateway's configuration entry, and whose agent they ask. */
@WireMockTest
class GatewayCommandsTest {
  private static final String ENTRY =
      """
      {"Kind": "ingress-gateway", "Name": "gate", "ModifyIndex": 7,
       "Meta": {"connect-bridge-owner": "default", "connect-bridge-source": "gate.hcl",
         "connect-bridge-schema": "1"},
       "Listeners": [{"Port": %d, "Protocol": "tcp", "Services": [{"Name": "web"}]}]}
      """;

  @TempDir private Path temp;
  private String agent;
  private String gate;
  private String saved;

  @BeforeEach
  void anEmptyAgent(WireMockRuntimeInfo server) throws IOException {
    agent = server.getHttpBaseUrl();
    saved = temp.resolve("gate.plan").toString();
    gate =
        Files.writeString(
                temp.resolve("gate.hcl"),
                """
                job "gate" {
                  group "g" {
                    network { mode = "bridge" }
                    service {
                      name = "gate"
                      port = "9001"
                      connect {
                        gateway {
                          ingress {
                            listener {
                              port     = 8080
                              protocol = "tcp"
                              service { name = "web" }
                            }
                          }
                        }
                      }
                    }
                  }
                }
                """)
            .toString();
    stubFor(get("/v1/agent/services").willReturn(okJson("{}")));
    stubFor(get("/v1/agent/checks").willReturn(okJson("{}")));
    isCalled("n1");
    stubFor(
        get(urlPathMatching("/v1/agent/service/.*"))
            .willReturn(aResponse().withStatus(404).withBody("unknown service ID: any")));
    stubFor(put(anyUrl()).willReturn(aResponse().withStatus(200)));
    entry(aResponse().withStatus(404).withBody("Config entry not found"));
  }

  private static void isCalled(String node) {
    stubFor(
        get("/v1/agent/self")
            .willReturn(
                okJson(
                    "{\"Config\": {\"NodeName\": \"%s\", \"NodeID\": \"id of %s\","
                            .formatted(node, node)
                        + " \"Datacenter\": \"dc1\", \"Version\": \"1.8.7\"}}")));
  }

  private static void entry(ResponseDefinitionBuilder answer) {
    stubFor(get(urlPathMatching("/v1/config/.*")).willReturn(answer));
  }

  private static void serversAreAway() {
    entry(aResponse().withStatus(500).withBody("No cluster leader"));
  }

  private Typed typed(String... args) {
    return Typed.in(Map.of("CONSUL_HTTP_ADDR", agent), args);
  }

  private static List<String> writes() {
    return findAll(putRequestedFor(anyUrl())).stream().map(LoggedRequest::getUrl).toList();
  }

  @Test
  void aPlanSaysWhatCouldNotBeReadAndIsNoPlanOfNothing() {
    serversAreAway();

    Typed text = typed("plan", gate);
    JsonNode json = typed("plan", "--format", "json", gate).json();

    assertThat(text.exit()).isEqualTo(1);
    assertThat(text.out()).contains("gate will be created").doesNotContain("for the whole cluster");
    assertThat(text.err())
        .contains("ingress-gateway/gate: GET /v1/config/ingress-gateway/gate: 500 No cluster");
    assertThat(json.at("/failures/0/id").asText()).isEqualTo("ingress-gateway/gate");
    assertThat(json.at("/failures/0/kind").asText()).isEqualTo("broken");
  }

  @Test
  void noPlanSaysThatNothingDiffersWhereThatIsNotKnown() {
    var away = new AgentException(AgentException.Kind.TIMEOUT, "no answer in time", null);
    View view =
        new View(
            Observed.NOTHING,
            Desired.NOTHING,
            Plan.NOTHING,
            Optional.empty(),
            List.of(new Failure("ingress-gateway/gate", away)),
            Optional.empty());

    assertThat(PlanLines.of(view))
        .isEqualTo("No changes. What could not be read is left as it is.\n");
  }

  @Test
  void syncWritesTheServiceAndFailsForTheEntryAlone() {
    serversAreAway();

    Typed synced = typed("sync", gate);

    assertThat(synced.exit()).isEqualTo(1);
    assertThat(synced.err()).contains("ingress-gateway/gate: ").contains("No cluster leader");
    assertThat(synced.out()).contains("Apply incomplete! Resources: 1 added");
    assertThat(writes()).containsExactly("/v1/agent/service/register");
  }

  @Test
  void aSavedPlanIsRefusedOnceItsEntryWasEdited() {
    entry(okJson(ENTRY.formatted(8081)));
    typed("plan", "--out", saved, gate);
    entry(okJson(ENTRY.formatted(8082)));

    Typed refused = typed("sync", "--plan", saved, gate);

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("the agent holds something else by now; plan again");
    assertThat(writes()).isEmpty();
  }

  @Test
  void aSavedPlanIsRefusedOnceItsEntryCanBeRead() {
    serversAreAway();
    typed("plan", "--out", saved, gate);
    entry(okJson(ENTRY.formatted(8080)));

    assertThat(typed("sync", "--plan", saved, gate).err())
        .contains("the agent holds something else by now; plan again");
    assertThat(writes()).isEmpty();
  }

  @Test
  void aSavedPlanIsAppliedWhereTheEntryIsAsItWas() {
    entry(okJson(ENTRY.formatted(8081)));
    stubFor(put(urlPathMatching("/v1/config")).willReturn(okJson("true")));
    typed("plan", "--out", saved, gate);
    entry(okJson(ENTRY.formatted(8081).replace(": 7", ": 8")));

    Typed applied = typed("sync", "--plan", saved, gate);

    assertThat(applied.exit()).as(applied.err()).isZero();
    assertThat(writes()).hasSize(2);
  }

  @Test
  void aSavedPlanIsRefusedOnceSomebodyElseHoldsWhatIsWanted() {
    typed("plan", "--out", saved, gate);
    String id =
        typed("plan", "--format", "json", gate)
            .json()
            .path("changes")
            .findValuesAsText("id")
            .stream()
            .filter(one -> one.startsWith("_connect-bridge"))
            .findFirst()
            .orElseThrow();
    stubFor(
        get("/v1/agent/services")
            .willReturn(
                okJson(
                    """
                    {"%s": {"ID": "%s", "Service": "gate", "Port": 9001, "Address": "",
                      "Tags": [], "Meta": {}}}
                    """
                        .formatted(id, id))));

    assertThat(typed("sync", "--plan", saved, gate).err())
        .contains("the agent holds something else by now; plan again");
    assertThat(writes()).isEmpty();
  }

  @Test
  void aSavedPlanIsRefusedByAnotherAgent() {
    typed("plan", "--out", saved, gate);
    isCalled("n2");

    Typed refused = typed("sync", "--plan", saved, gate);

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "it is for the agent n1 (id of n1, datacenter dc1), and this is the agent n2 (id of n2");
    assertThat(writes()).isEmpty();
  }
}
