package dev.connectbridge.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.findAll;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands do when the specs have lost most of what an agent holds. */
@WireMockTest
class GuardCommandsTest {
  private static final String ENTRY =
      """
      "_connect-bridge-%1$d": {"ID": "_connect-bridge-%1$d", "Service": "s%1$d", "Port": 7,
        "Address": "", "Tags": [], "EnableTagOverride": false,
        "Meta": {"external-source": "connect-bridge", "connect-bridge-owner": "default",
          "connect-bridge-group": "old.g[%1$d]", "connect-bridge-source": "old.hcl",
          "connect-bridge-hash": "0", "connect-bridge-schema": "1"}}
      """;

  @TempDir private Path temp;
  private String agent;
  private String empty;

  @BeforeEach
  void anAgentWithFiveGroupsAndSpecsWithNone(WireMockRuntimeInfo server) throws IOException {
    agent = server.getHttpBaseUrl();
    empty = Files.createDirectory(temp.resolve("empty")).toString();
    holding(5);
    stubFor(get("/v1/agent/checks").willReturn(okJson("{}")));
    stubFor(
        get("/v1/agent/self")
            .willReturn(
                okJson(
                    """
                    {"Config": {"NodeName": "n1", "NodeID": "id", "Datacenter": "dc1",
                      "Version": "1.8.7"}, "Member": {"Addr": "10.99.0.1"}, "DebugConfig": {}}
                    """)));
    stubFor(
        post("/v1/internal/acl/authorize")
            .willReturn(aResponse().withStatus(401).withBody("ACL support disabled")));
    stubFor(put(urlPathMatching("/v1/agent/.*")).willReturn(aResponse().withStatus(200)));
  }

  private static void holding(int groups) {
    String all =
        IntStream.range(0, groups).mapToObj(ENTRY::formatted).collect(Collectors.joining(",\n"));
    stubFor(get("/v1/agent/services").willReturn(okJson("{" + all + "}")));
  }

  private Typed typed(String... args) {
    return Typed.in(Map.of("CONSUL_HTTP_ADDR", agent), args);
  }

  private static int writes() {
    return findAll(putRequestedFor(anyUrl())).size();
  }

  @Test
  void syncRefusesAndSaysHowToGoOn() {
    Typed refused = typed("sync", empty);

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            "connect-bridge: old.g[0], old.g[1], old.g[2], old.g[3], old.g[4] would be"
                + " deregistered, and stay: it is all 5 groups of this owner at once;"
                + " put the specs back, or consent with sync --force\n");
    assertThat(writes()).isZero();
  }

  @Test
  void syncAsJsonSaysWhatIsWithheld() {
    JsonNode document = typed("sync", "--format", "json", empty).json();

    assertThat(document.path("applied").asBoolean(true)).isFalse();
    assertThat(document.at("/summary/destroy").asInt()).isZero();
    assertThat(document.at("/withheld/groups")).hasSize(5);
    assertThat(document.at("/withheld/digest").asText()).hasSize(12);
  }

  @Test
  void forceIsConsent() {
    Typed forced = typed("sync", "--force", empty);

    assertThat(forced.exit()).as(forced.err()).isZero();
    assertThat(writes()).isEqualTo(5);
  }

  @Test
  void aSavedPlanIsConsent() {
    String saved = temp.resolve("all.plan").toString();
    Typed planned = typed("plan", "--out", saved, empty);
    assertThat(planned.exit()).isEqualTo(2);
    assertThat(planned.out()).contains("0 to add, 0 to change, 5 to destroy");
    assertThat(planned.err()).contains("would be deregistered, and stay");

    Typed applied = typed("sync", "--plan", saved, empty);

    assertThat(applied.exit()).as(applied.err()).isZero();
    assertThat(writes()).isEqualTo(5);
  }

  @Test
  void aDirectoryThatIsNotThereRemovesNothingEvenByForce() {
    Typed refused = typed("sync", "--force", temp.resolve("none").toString());

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("there is no such file or directory");
    assertThat(writes()).isZero();
  }

  /** A wrong agent would look the same; only the data directory tells the two apart. */
  @Test
  void belowFourGroupsOneFromAnotherFileMayTakeThePlaceOfAll() throws IOException {
    holding(3);
    Path fresh =
        Files.writeString(
            temp.resolve("fresh.hcl"),
            """
            job "fresh" {
              group "g" {
                service {
                  name = "fresh"
                }
              }
            }
            """);

    Typed done = typed("sync", "--data-dir", temp.resolve("none").toString(), fresh.toString());

    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.out()).endsWith("Resources: 1 added, 0 changed, 3 destroyed.\n");
  }
}
