package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.testing.RealConsul;
import dev.connectbridge.testing.RunsBeside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each rule that a token lacks comes to, on an agent that denies by default. */
@RunsBeside
class AclMatrixIT {
  private static final String MASTER = "11111111-2222-3333-4444-555555555555";
  private static final String SERVICE = "service \"web\" { policy = \"write\" }\n";
  private static final String SIDECAR = "service \"web-sidecar-proxy\" { policy = \"write\" }\n";
  private static final String AGENT = "agent \"n1\" { policy = \"read\" }\n";
  private static final String NODE = "node \"n1\" { policy = \"read\" }\n";
  private static final String OTHERS = "service_prefix \"\" { policy = \"read\" }\n";
  private static final String ALL = SERVICE + SIDECAR + AGENT + NODE + OTHERS;

  private static final String ALL_NODES = "node_prefix \"\" { policy = \"read\" }\n";
  private static final String ANOTHER =
      """
      {"Node": "n2", "Address": "127.0.0.2",
       "Service": {"ID": "web-2", "Service": "web", "Port": 9001},
       "Check": {"CheckID": "c", "Name": "c", "ServiceID": "web-2", "Status": "passing"}}
      """;

  private static final String JOB =
      """
      job "web" {
        group "front" {
          network {
            mode = "bridge"
          }
          service {
            name = "web"
            port = "9001"
            connect {
              sidecar_service {}
            }
          }
        }
      }
      """;

  private static RealConsul consul;
  @TempDir private Path temp;
  private Path specs;
  private Path config;

  @BeforeAll
  static void start() {
    consul = RealConsul.start(RealConsul.Options.dev().withAcls(MASTER));
  }

  @AfterAll
  static void stop() {
    if (consul != null) {
      consul.close();
    }
  }

  @BeforeEach
  void describe() throws IOException {
    specs = Files.createDirectory(temp.resolve("specs"));
    Files.writeString(specs.resolve("web.nomad.hcl"), JOB);
    config =
        Files.writeString(
            temp.resolve("config.yaml"),
            """
            consul:
              address: %s
              token_file: %s
            specs: [%s]
            data_dir: %s
            run_dir: %s
            tasks: leave
            resync: 1s
            drain_floor: 4s
            node:
              name: n1
              datacenter: dc1
              address: 127.0.0.1
              attributes:
                consul.version: 1.8.7
            """
                .formatted(
                    consul.address(),
                    temp.resolve("token"),
                    specs,
                    temp.resolve("data"),
                    temp.resolve("run")));
    carry(MASTER);
  }

  @AfterEach
  void leaveNothing() throws IOException {
    carry(MASTER);
    Files.writeString(specs.resolve("web.nomad.hcl"), "job \"none\" {\ngroup \"g\" {}\n}\n");
    typed("sync", "--force", specs.toString());
  }

  @Test
  void theLeastPolicyIsEnoughAndTakesNoKeyAndNoSession() throws IOException {
    carry(consul.tokenFor(ALL).secret());

    assertThat(typed("sync", specs.toString()).exit()).isZero();
    assertThat(doctor())
        .contains("WARN  writer: the token lacks 2 rules for the lock in Consul: only the locks")
        .contains("; who has the lock in Consul is not told; none of this owner runs on this")
        .contains("      session \"n1\" { policy = \"write\" }\n")
        .contains("      key \"connect-bridge/default/n1/writer\" { policy = \"write\" }\n")
        .doesNotContain("FAIL  permissions");
  }

  @Test
  void withKeyAndSessionTheTokenMayDoAll() throws IOException {
    String lock =
        " key \"connect-bridge/default/n1/writer\" { policy = \"write\" }"
            + " session \"n1\" { policy = \"write\" }";
    carry(consul.tokenFor(ALL + lock).secret());

    assertThat(doctor())
        .contains("OK    permissions: the token may do all that these specs take")
        .contains("OK    writer: nobody has the lock in Consul; none of this owner runs on this");
  }

  @Test
  void theLeastToRegisterIsServiceWriteAlone() throws IOException {
    carry(consul.tokenFor(SERVICE + SIDECAR).secret());

    assertThat(typed("sync", specs.toString()).exit()).isZero();
    assertThat(doctor()).doesNotContain("FAIL  permissions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "web-sidecar-proxy"})
  void withoutTheRightToWriteAServiceItIsNamed(String lacking) throws IOException {
    String rule = "service \"%s\" { policy = \"write\" }".formatted(lacking);
    carry(consul.tokenFor(without("service \"" + lacking + "\"")).secret());

    Typed sync = typed("sync", specs.toString());

    assertThat(sync.exit()).isEqualTo(1);
    assertThat(sync.err() + sync.out())
        .contains("403")
        .contains("Missing service:write on " + lacking);
    assertThat(doctor())
        .contains("FAIL  permissions: the token lacks 1 rule, so not everything is registered")
        .contains("      add to its policy:\n      " + rule + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "agent \"n1\" | without agent:read, node values come from the configuration alone",
        "node \"n1\" | without node:read, no drain is proven",
        "service_prefix \"\" | without service:read, ports of other services are not known",
      },
      delimiter = '|')
  void withoutTheRightToReadItIsRegisteredAndSaidWhatIsNotKnown(String lacking, String said)
      throws IOException {
    carry(consul.tokenFor(without(lacking)).secret());

    assertThat(typed("sync", specs.toString()).exit()).isZero();
    assertThat(doctor())
        .contains("WARN  permissions: " + said)
        .contains("      " + lacking + " { policy = \"read\" }\n")
        .doesNotContain("FAIL  permissions");
  }

  @Test
  void theLastInstanceIsKeptByATokenThatMayNotReadTheNodeOfAnother() throws IOException {
    Files.writeString(config, "keep_last_instance: true\n", StandardOpenOption.APPEND);
    carry(consul.tokenFor(ALL).secret());
    assertThat(typed("sync", specs.toString()).exit()).isZero();
    consul.put("/v1/catalog/register", ANOTHER);
    try {
      Path none = Files.createDirectory(temp.resolve("none"));

      assertThat(typed("sync", none.toString()).exit()).isEqualTo(1);
      assertThat(consul.get("/v1/agent/services")).contains("\"web\"");
      assertThat(doctor())
          .contains("WARN  permissions: without node:read, instances on other nodes are not seen")
          .contains(": keep_last_instance withholds the last one here until somebody consents\n")
          .contains("      node_prefix \"\" { policy = \"read\" }\n");

      carry(consul.tokenFor(ALL + ALL_NODES).secret());
      assertThat(doctor()).doesNotContain("WARN  permissions", "FAIL  permissions");
      assertThat(typed("sync", none.toString()).exit()).isZero();
      assertThat(consul.get("/v1/agent/services").strip()).isEqualTo("{}");
    } finally {
      consul.put("/v1/catalog/deregister", "{\"Node\": \"n2\"}");
    }
  }

  @Test
  void upstreamsTakeTheRightToReadTheirNodes() throws IOException {
    String upstreams =
        "sidecar_service {\nproxy {\nupstreams {\ndestination_name = \"stock\"\n"
            + "local_bind_port = 9091\n}\n}\n}";
    Files.writeString(specs.resolve("web.nomad.hcl"), JOB.replace("sidecar_service {}", upstreams));
    carry(consul.tokenFor(ALL).secret());

    assertThat(doctor())
        .contains("seen: groups are not ready whose upstreams have none here\n")
        .contains("      node_prefix \"\" { policy = \"read\" }\n");
    carry(consul.tokenFor(ALL + ALL_NODES).secret());
    assertThat(doctor()).doesNotContain("WARN  permissions", "FAIL  permissions");
  }

  @Test
  void theTokensOfSingleServicesAreLookedAtAsWell() throws IOException {
    Path own = temp.resolve("web.token");
    String yaml = Files.readString(config);
    Files.writeString(
        config,
        yaml.replace("consul:\n", "consul:\n  service_token_files:\n    web: " + own + "\n"));

    assertThat(doctor()).contains("FAIL  service tokens: the token file " + own);
    Files.writeString(own, "00000000-1111-2222-3333-444444444444");
    assertThat(doctor()).contains("FAIL  service tokens: that of web: ");
    Files.writeString(own, consul.tokenFor("service \"web\" { policy = \"write\" }").secret());
    assertThat(doctor())
        .contains("FAIL  service tokens: that of web lacks 1 rule, so it is not registered")
        .contains("      service \"web-sidecar-proxy\" { policy = \"write\" }\n");
    String both = "service_prefix \"web\" { policy = \"write\" }";
    Files.writeString(own, consul.tokenFor(both).secret());
    assertThat(doctor()).contains("OK    service tokens: each may register its own: web");
  }

  @Test
  void whatHasATokenOfItsOwnIsStillDeregisteredWithOurs() throws IOException {
    Path own = temp.resolve("own");
    Files.writeString(own, consul.tokenFor(SERVICE + SIDECAR).secret());
    String text =
        Files.readString(config).replace("specs:", "  service_token_files: {web: %s}\nspecs:");
    Files.writeString(config, text.formatted(own));
    carry(consul.tokenFor(AGENT + NODE + OTHERS).secret());

    assertThat(typed("sync", specs.toString()).exit()).isZero();
    assertThat(doctor())
        .contains("service:write, web, which has a token of its own, is never deregistered")
        .contains("      service \"web\" { policy = \"write\" }\n")
        .contains("      service \"web-sidecar-proxy\" { policy = \"write\" }\n");
    Files.delete(specs.resolve("web.nomad.hcl"));
    assertThat(typed("sync", specs.toString()).err()).contains("403");
  }

  @Test
  void withoutAnyTokenEverythingIsMissing() throws IOException {
    carry("anonymous");

    assertThat(typed("sync", specs.toString()).exit()).isEqualTo(1);
    assertThat(doctor())
        .contains("FAIL  permissions: the token lacks 2 rules")
        .contains("WARN  agent: the token may not read it, nor notice another one")
        .contains("consul.version");
  }

  @Test
  void aTokenThatNobodyKnowsIsSaidToBeOne() throws IOException {
    carry("99999999-2222-3333-4444-555555555555");

    Typed sync = typed("sync", specs.toString());

    assertThat(sync.exit()).isEqualTo(1);
    assertThat(sync.err() + sync.out()).contains("ACL not found").doesNotContain("99999999");
    assertThat(doctor())
        .contains("FAIL  permissions: ")
        .contains("ACL not found")
        .contains("revoked");
  }

  @Test
  void aGatewaysEntryTakesOperatorWrite() throws IOException {
    Files.writeString(
        specs.resolve("web.nomad.hcl"),
        """
        job "edge" {
          group "front" {
            network {
              mode = "bridge"
              port "in" {}
            }
            service {
              name = "web"
              port = "in"
              connect {
                gateway {
                  ingress {
                    listener {
                      port = 8080
                      service {
                        name = "api"
                      }
                    }
                  }
                }
              }
            }
          }
        }
        """);
    carry(consul.tokenFor(ALL).secret());

    assertThat(doctor()).contains("FAIL  permissions: ").contains("      operator = \"write\"\n");
    assertThat(typed("sync", specs.toString()).err()).contains("403");
  }

  private void carry(String token) throws IOException {
    Files.writeString(temp.resolve("token"), token);
  }

  private static String without(String rule) {
    return String.join(
        "\n", List.of(ALL.split("\n")).stream().filter(line -> !line.startsWith(rule)).toList());
  }

  private String doctor() {
    Typed typed = typed("doctor");
    assertThat(typed.out() + typed.err()).doesNotContain(MASTER);
    return typed.out();
  }

  private Typed typed(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--config";
    all[words.length + 1] = config.toString();
    return Typed.in(Map.of(), all);
  }
}
