package dev.connectbridge.consul;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.connectbridge.resolve.Observed;
import dev.connectbridge.resolve.Registration;
import dev.connectbridge.resolve.Registration.Sidecar;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void theBodyIsWhatTheAgentIsSentAndHoldsNothingEmpty() throws IOException {
    JsonNode expected =
        MAPPER.readTree(
            """
            {"ID":"_connect-bridge-alloc.api.count-api","Name":"count-api","Port":9001,
             "Meta":{"connect-bridge-group":"countdash.api[0]","connect-bridge-hash":"a1b2",
               "connect-bridge-owner":"default","connect-bridge-ports":"http:20000",
               "connect-bridge-schema":"1","connect-bridge-source":"countdash.nomad.hcl",
               "external-source":"connect-bridge"},
             "Connect":{"SidecarService":{"Port":20001,"Address":"127.0.0.1",
               "Meta":{"connect-bridge-group":"countdash.api[0]","connect-bridge-hash":"a1b2",
                 "connect-bridge-owner":"default","connect-bridge-ports":"http:20000",
                 "connect-bridge-schema":"1","connect-bridge-source":"countdash.nomad.hcl",
                 "external-source":"connect-bridge"},
               "Checks":[
                 {"CheckID":"_connect-bridge-alloc.api.count-api.check-alias","Name":"alias",
                  "AliasService":"_connect-bridge-alloc.api.count-api"},
                 {"CheckID":"_connect-bridge-alloc.api.count-api.check-listening",
                  "Name":"listening","TCP":"127.0.0.1:20001","Interval":"10s"}],
               "Proxy":{"LocalServicePort":9001,
                 "Config":{"bind_address":"0.0.0.0","bind_port":20001}}}}}
            """);

    AgentRequests.Put put = AgentRequests.register(Samples.connected("count-api"));

    assertThat(put.path()).isEqualTo("/v1/agent/service/register");
    assertThat(put.body()).isEqualTo(expected);
  }

  @Test
  void checksAreWrittenInConsulsWords() throws IOException {
    JsonNode checks = RegistrationBody.of(Samples.rich()).get("Checks");

    assertThat(checks)
        .isEqualTo(
            MAPPER.readTree(
                """
                [{"CheckID":"_connect-bridge-alloc.api.rich.http.check-1","Name":"by http",
                  "HTTP":"http://127.0.0.2:9001/health?a=b c","Interval":"1m1s","Timeout":"1.5s",
                  "Method":"POST","Header":{"Authorization":["Basic Zm9v"],"X-A":["1","2"]},
                  "Body":"{\\"a\\":1}","Status":"passing","TLSSkipVerify":true,
                  "SuccessBeforePassing":2,"FailuresBeforeCritical":3},
                 {"CheckID":"_connect-bridge-alloc.api.rich.http.check-2","Name":"by tcp",
                  "TCP":"127.0.0.2:9001","Interval":"1h30m0s"},
                 {"CheckID":"_connect-bridge-alloc.api.rich.http.check-3","Name":"by grpc",
                  "GRPC":"127.0.0.2:9001/a.B","Interval":"10s","Timeout":"2s",
                  "TLSSkipVerify":true,"GRPCUseTLS":true}]
                """));
  }

  @Test
  void wholeNumbersHaveNoFractionOnTheWire() {
    String config =
        RegistrationBody.of(Samples.rich())
            .path("Connect")
            .path("SidecarService")
            .path("Proxy")
            .path("Config")
            .toString();

    assertThat(config).contains("\"bind_port\":20002", "\"negative\":-1", "\"fraction\":0.1");
  }

  @Test
  void aNullInAConfigurationIsNeverSent() {
    assertThat(RegistrationBody.of(Samples.rich()).toString())
        .contains("items")
        .doesNotContain("null");
  }

  @Test
  void whatConsulFillsInIsUndone() {
    for (Registration wanted :
        List.of(Samples.plain("web"), Samples.connected("web"), Samples.rich())) {
      assertThat(seen(echo(wanted)))
          .isEqualTo(new Observed(List.of(wanted.asHeld()), List.of(), List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Kind\":\"\"}",
        "{\"Kind\":\"mesh-gateway\"}",
        "{\"Service\":\"x\"}",
        "{\"Proxy\":{}}",
        "{\"Weights\":{\"Passing\":2,\"Warning\":1}}",
        "{\"Meta\":{}}",
        "{\"Meta\":null}",
        "{\"Tags\":[\"x\"]}",
        "{\"Port\":1}",
        "{\"EnableTagOverride\":true}"
      })
  void aSidecarThatSomebodyChangedStaysWithItsServiceAndDiffers(String change) throws IOException {
    Registration wanted = Samples.connected("web");
    ConsulEcho echo = echo(wanted);
    ObjectNode services = echo.services();
    ((ObjectNode) services.get(wanted.id().sidecar())).setAll((ObjectNode) MAPPER.readTree(change));

    Observed seen = AgentListing.observed(services, echo.checks());

    assertThat(seen.registrations()).hasSize(1).doesNotContain(wanted.asHeld());
    assertThat(seen.registrations().get(0).sidecar()).isPresent();
    assertThat(seen.orphans()).isEmpty();
    assertThat(seen.foreign()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Kind\":\"connect-proxy\"}",
        "{\"Connect\":{\"Native\":true}}",
        "{\"Weights\":{\"Passing\":1,\"Warning\":0}}",
        "{\"Address\":\"10.0.0.1\"}"
      })
  void aServiceThatSomebodyChangedDiffers(String change) throws IOException {
    Registration wanted = Samples.connected("web");
    ConsulEcho echo = echo(wanted);
    ObjectNode services = echo.services();
    ((ObjectNode) services.get(wanted.id().value())).setAll((ObjectNode) MAPPER.readTree(change));

    Observed seen = AgentListing.observed(services, echo.checks());

    assertThat(seen.registrations()).hasSize(1).doesNotContain(wanted.asHeld());
  }

  @Test
  void aMarkedSidecarWithoutItsServiceIsAnOrphan() {
    Registration wanted = Samples.connected("web");
    Sidecar sidecar = wanted.sidecar().orElseThrow();

    Observed seen = changed(wanted, services -> services.remove(wanted.id().value()));

    assertThat(seen)
        .isEqualTo(
            new Observed(
                List.of(),
                List.of(
                    new Observed.Orphan(
                        wanted.id().sidecar(), "web-sidecar-proxy", 20001, sidecar.marks())),
                List.of()));
  }

  @Test
  void aSidecarWhoseServiceLostItsMarksIsAnOrphanBesideAStranger() {
    Registration wanted = Samples.connected("web");

    Observed seen =
        changed(
            wanted, services -> ((ObjectNode) services.get(wanted.id().value())).putObject("Meta"));

    assertThat(seen.registrations()).isEmpty();
    assertThat(seen.orphans())
        .extracting(Observed.Orphan::id)
        .containsExactly(wanted.id().sidecar());
    assertThat(seen.foreign())
        .extracting(Observed.Foreign::id)
        .containsExactly(wanted.id().value());
  }

  @Test
  void lookAlikesAreStrangers() throws IOException {
    JsonNode services =
        MAPPER.readTree(
            """
            {"_connect-bridge-unmarked":{"ID":"_connect-bridge-unmarked","Service":"a","Port":1},
             "_connect-bridge-half":{"Service":"b","Meta":{"connect-bridge-owner":"default"}},
             "web":{"Service":"web","Port":80,"Meta":{"connect-bridge-owner":"default",
               "connect-bridge-group":"g","connect-bridge-source":"s","connect-bridge-hash":"h",
               "connect-bridge-schema":"1"}},
             "strange":null, "stranger":[1]}
            """);

    Observed seen = AgentListing.observed(services, MAPPER.createObjectNode());

    assertThat(seen.registrations()).isEmpty();
    assertThat(seen.orphans()).isEmpty();
    assertThat(seen.foreign())
        .containsExactly(
            new Observed.Foreign("_connect-bridge-half", "b", 0),
            new Observed.Foreign("_connect-bridge-unmarked", "a", 1),
            new Observed.Foreign("strange", "", 0),
            new Observed.Foreign("stranger", "", 0),
            new Observed.Foreign("web", "web", 80));
  }

  @Test
  void checksThatOthersAddedAreNotSeen() {
    Registration wanted = Samples.connected("web");
    ConsulEcho echo = echo(wanted);
    ObjectNode checks = echo.checks();
    String id = wanted.id().value();
    checks.putObject("m").put("CheckID", "_service_maintenance:" + id).put("ServiceID", id);
    checks.putObject("o").put("CheckID", "service:" + id).put("ServiceID", id);
    checks.putObject("n").put("CheckID", wanted.id().check("node")).put("ServiceID", "");

    assertThat(AgentListing.observed(echo.services(), checks).registrations())
        .containsExactly(wanted.asHeld());
  }

  @Test
  void aCheckOfOursThatIsNotWantedIsSeen() {
    Registration wanted = Samples.connected("web");
    ConsulEcho echo = echo(wanted);
    ObjectNode checks = echo.checks();
    checks
        .putObject(wanted.id().check("old"))
        .put("CheckID", wanted.id().check("old"))
        .put("ServiceID", wanted.id().value());

    assertThat(AgentListing.observed(echo.services(), checks).registrations())
        .doesNotContain(wanted.asHeld());
  }

  private static ConsulEcho echo(Registration wanted) {
    return ConsulEcho.of(RegistrationBody.of(wanted));
  }

  private static Observed seen(ConsulEcho echo) {
    return AgentListing.observed(echo.services(), echo.checks());
  }

  private static Observed changed(Registration wanted, Consumer<ObjectNode> change) {
    ConsulEcho echo = echo(wanted);
    ObjectNode services = echo.services();
    change.accept(services);
    return AgentListing.observed(services, echo.checks());
  }
}
