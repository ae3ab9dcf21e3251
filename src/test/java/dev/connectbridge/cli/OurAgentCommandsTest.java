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

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectbridge.host.OwnerLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands that run once know of whose agent it is, and what they keep of it. */
@WireMockTest
class OurAgentCommandsTest {
  private static final String ENTRY =
      """
      "_connect-bridge-%1$d": {"ID": "_connect-bridge-%1$d", "Service": "s%1$d", "Port": 7,
        "Address": "", "Tags": [], "EnableTagOverride": false,
        "Meta": {"external-source": "connect-bridge", "connect-bridge-owner": "default",
          "connect-bridge-group": "old.g[%1$d]", "connect-bridge-source": "old.hcl",
          "connect-bridge-hash": "0", "connect-bridge-schema": "1"}}
      """;
  private static final String OTHER = "n0\nid-0\ndc1\n";
  private static final String THIS = "n1\nid-1\ndc1\n";

  @TempDir private Path temp;
  private Path data;
  private Path known;
  private String agent;
  private String empty;
  private String config;

  @BeforeEach
  void anAgentWithThreeGroupsAndSpecsWithNone(WireMockRuntimeInfo server) throws IOException {
    agent = server.getHttpBaseUrl();
    empty = Files.createDirectory(temp.resolve("empty")).toString();
    data = temp.resolve("data");
    known = data.resolve("agent-default");
    config =
        Files.writeString(
                temp.resolve("bridge.yaml"),
                "data_dir: %1$s/data\nrun_dir: %1$s/run\n".formatted(temp))
            .toString();
    holding(3);
    stubFor(get("/v1/agent/checks").willReturn(okJson("{}")));
    stubFor(
        get("/v1/agent/self")
            .willReturn(
                okJson(
                    """
                    {"Config": {"NodeName": "n1", "NodeID": "id-1", "Datacenter": "dc1",
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

  /** The data directory of whoever worked for this agent. */
  private void knows(String words) throws IOException {
    Files.createDirectory(data);
    Files.writeString(known, words);
  }

  private Typed typed(String... args) {
    return Typed.in(Map.of("CONSUL_HTTP_ADDR", agent), args);
  }

  private static int writes() {
    return findAll(putRequestedFor(anyUrl())).size();
  }

  @Test
  void syncRemovesNothingAtAnotherAgentThanTheOneThatIsKnown() throws IOException {
    knows(OTHER);

    Typed refused = typed("sync", "--config", config, empty);

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            "connect-bridge: old.g[0], old.g[1], old.g[2] would be deregistered, and stay: the agent"
                + " is another one: it was n0 (id-0, datacenter dc1) and is n1 (id-1, datacenter"
                + " dc1); look at where the agent's address leads, then mend it or consent with"
                + " sync --force\n");
    assertThat(writes()).isZero();
    assertThat(known).hasContent(OTHER);
  }

  @Test
  void syncRemovesAtTheOneThatIsKnown() throws IOException {
    knows(THIS);

    Typed done = typed("sync", "--config", config, empty);

    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(writes()).isEqualTo(3);
  }

  @Test
  void planSaysWhatSyncWouldWithholdAndKeepsNothing() throws IOException {
    knows(OTHER);

    Typed planned = typed("plan", "--config", config, empty);

    assertThat(planned.err())
        .contains("the agent is another one: it was n0 (id-0, datacenter dc1)")
        .endsWith("with sync --force\n");
    assertThat(known).hasContent(OTHER);
  }

  @Test
  void planLooksForNothingThatIsNotThere() {
    Typed planned = typed("plan", "--config", config, empty);

    assertThat(planned.exit()).as(planned.err()).isEqualTo(2);
    assertThat(data).doesNotExist();
  }

  @Test
  void syncMakesNoDirectoryEither() {
    Typed done = typed("sync", "--config", config, empty);

    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(writes()).isEqualTo(3);
    assertThat(data).doesNotExist();
  }

  @Test
  void theCommandLineMaySayWhereItIsKnown() throws IOException {
    knows(OTHER);

    Typed refused = typed("sync", "--data-dir", data.toString(), empty);
    Typed planned = typed("plan", "--data-dir", data.toString(), empty);

    assertThat(refused.err()).contains("the agent is another one");
    assertThat(planned.err()).contains("the agent is another one");
    assertThat(writes()).isZero();
  }

  @Test
  void forceIsConsentAndTheAgentIsOursFromThenOn() throws IOException {
    knows(OTHER);

    Typed forced = typed("sync", "--force", "--config", config, empty);

    assertThat(forced.exit()).as(forced.err()).isZero();
    assertThat(writes()).isEqualTo(3);
    assertThat(known).hasContent(THIS);
  }

  @Test
  void aSavedPlanIsConsentToo() throws IOException {
    knows(OTHER);
    String saved = temp.resolve("all.plan").toString();
    Typed planned = typed("plan", "--config", config, "--out", saved, empty);
    assertThat(planned.exit()).as(planned.err()).isEqualTo(2);

    Typed applied = typed("sync", "--config", config, "--plan", saved, empty);

    assertThat(applied.exit()).as(applied.err()).isZero();
    assertThat(writes()).isEqualTo(3);
    assertThat(known).hasContent(THIS);
  }

  @Test
  void whereNoneIsKnownTheOneThatIsSyncedIsKeptForItsUserAlone() throws IOException {
    Files.createDirectory(data);

    typed("sync", "--config", config, empty);

    assertThat(known).hasContent(THIS);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(known)))
        .isEqualTo("rw-------");
  }

  @Test
  void oneAtWhichNothingIsToBeDoneAndNothingStandsIsNotKept() throws IOException {
    Files.createDirectory(data);
    holding(0);

    Typed done = typed("sync", "--config", config, empty);

    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void oneAtWhichSomethingIsWithheldIsNotKept() throws IOException {
    Files.createDirectory(data);
    holding(5);
    Path wanted =
        Files.writeString(
            temp.resolve("wanted.hcl"),
            """
            job "wanted" {
              group "g" {
                service {
                  name = "wanted"
                }
              }
            }
            """);

    Typed refused = typed("sync", "--config", config, wanted.toString());

    assertThat(refused.out()).endsWith("Resources: 1 added, 0 changed, 0 destroyed.\n");
    assertThat(refused.err()).contains("all 5 groups");
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void theDirectoryOfADaemonThatWorksIsReadAndLeftToIt() throws IOException {
    knows(OTHER);
    try (OwnerLock daemons = OwnerLock.ofDirectory(data).orElseThrow()) {
      assertThat(daemons).isNotNull();
      assertThat(typed("sync", "--config", config, empty).err()).contains("another one");

      Typed forced = typed("sync", "--force", "--config", config, empty);

      assertThat(forced.exit()).as(forced.err()).isZero();
      assertThat(writes()).isEqualTo(3);
    }
    assertThat(known).hasContent(OTHER);
  }

  @Test
  void whatIsThereAndCannotBeReadIsNotTakenForNothing() throws IOException {
    Files.createDirectories(known);

    Typed refused = typed("sync", "--config", config, empty);

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).isEqualTo("connect-bridge: cannot read %s\n".formatted(known));
    assertThat(writes()).isZero();
  }
}
