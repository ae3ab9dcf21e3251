package dev.connectbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.source.SpecPaths;
import dev.connectbridge.testing.CountingProxy;
import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway's configuration entry at a real Consul. */
class GatewayIT {
  private static final String INGRESS =
      """
      ingress {
        tls {
          enabled = true
        }
        listener {
          port     = 8080
          protocol = "tcp"
          service {
            name = "web"
          }
        }
      }
      """;
  private static final String TERMINATING =
      """
      terminating {
        service {
          name      = "old"
          ca_file   = "ca.pem"
          cert_file = "cert.pem"
          key_file  = "key.pem"
          sni       = "old.example"
        }
      }
      """;

  @TempDir private Path specs;
  private RealConsul consul;
  private CountingProxy proxy;
  private Bridge bridge;

  @BeforeEach
  void start() {
    consul = RealConsul.dev();
    proxy = CountingProxy.before(consul.httpPort());
    bridge = Bridge.builder().consul(proxy.address()).source(new SpecPaths(List.of(specs))).build();
  }

  @AfterEach
  void stop() {
    bridge.close();
    proxy.close();
    consul.close();
  }

  private Outcome sync(String gateway) throws IOException {
    Files.writeString(
        specs.resolve("gate.nomad.hcl"),
        Specs.job("name = \"gate\"\nport = \"http\"\nconnect {\ngateway {\n" + gateway + "\n}\n}"));
    Outcome outcome = bridge.runOnce();
    assertThat(outcome.desired().problems()).isEmpty();
    assertThat(outcome.failures()).isEmpty();
    return outcome;
  }

  private String entry(String kind) {
    return consul.get("/v1/config/" + kind + "/gate").replaceAll("\\s", "");
  }

  @Test
  void theEntryIsWrittenBeforeItsGatewayOnceAndAgainOnlyWhenTheSpecChanges() throws IOException {
    assertThat(sync(INGRESS).done()).isTrue();
    assertThat(proxy.writes())
        .extracting(CountingProxy.Request::path)
        .containsExactly("/v1/config", "/v1/agent/service/register");
    assertThat(entry("ingress-gateway"))
        .contains("\"TLS\":{\"Enabled\":true}", "\"Port\":8080", "\"Name\":\"web\"")
        .contains("\"connect-bridge-owner\":\"default\"");

    assertThat(sync(INGRESS).plan().isEmpty()).isTrue();
    assertThat(proxy.writes()).hasSize(2);

    sync(INGRESS.replace("name = \"web\"", "name = \"api\""));
    assertThat(entry("ingress-gateway")).contains("\"Name\":\"api\"");
    int written = proxy.writes().size();
    assertThat(sync(INGRESS.replace("name = \"web\"", "name = \"api\"")).plan().isEmpty()).isTrue();
    assertThat(proxy.writes()).hasSize(written);
  }

  @Test
  void aTerminatingGatewayHasOneTooAndKeepsItWhenItGoes() throws IOException {
    sync(TERMINATING);
    assertThat(entry("terminating-gateway"))
        .contains("\"CAFile\":\"ca.pem\"", "\"CertFile\":\"cert.pem\"")
        .contains("\"KeyFile\":\"key.pem\"", "\"SNI\":\"old.example\"");
    assertThat(sync(TERMINATING).plan().isEmpty()).isTrue();

    Files.delete(specs.resolve("gate.nomad.hcl"));
    assertThat(bridge.runOnce().plan().removals()).hasSize(1);
    assertThat(entry("terminating-gateway")).contains("\"Name\":\"old\"");
  }

  @Test
  void anEntryOfSomebodyElseIsLeftAloneAndTheGatewayIsRegistered() throws IOException {
    consul.put(
        "/v1/config",
        "{\"Kind\":\"ingress-gateway\",\"Name\":\"gate\",\"Listeners\":[{\"Port\":9999,"
            + "\"Protocol\":\"tcp\",\"Services\":[{\"Name\":\"web\"}]}]}");

    Outcome outcome = sync(INGRESS);

    assertThat(outcome.done()).isFalse();
    assertThat(outcome.plan().foreignEntries()).hasSize(1);
    assertThat(entry("ingress-gateway")).contains("9999");
    assertThat(consul.get("/v1/agent/services")).contains("ingress-gateway");
    assertThat(sync(INGRESS).plan().isEmpty()).isTrue();
    assertThat(proxy.writes()).hasSize(1);
  }
}
