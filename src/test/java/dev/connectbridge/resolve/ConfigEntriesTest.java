package dev.connectbridge.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Desired.ConfigEntry;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.Specs;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigEntriesTest {
  private static final String MODERN =
      """
      tls {
        enabled         = true
        tls_min_version = "TLSv1_2"
        sds {
          cluster_name  = "sds"
          cert_resource = "cert"
        }
      }
      """;
  private static final String SERVICE =
      """
      service {
        name            = "web"
        max_connections = 7
        request_headers {
          add {
            a = "b"
          }
        }
      }
      """;

  private static String gateway(String tls, String service) {
    return Specs.job(
        """
        name = "gate"
        port = "http"
        connect {
          gateway {
            ingress {
              %s
              listener {
                port     = 8080
                protocol = "http"
                %s
              }
            }
          }
        }
        """
            .formatted(tls, service));
  }

  private static Desired resolve(String version, String... namesAndTexts) {
    return Resolver.resolve(
        Specs.snapshot(namesAndTexts),
        new Situation(
            "default",
            Specs.NODE,
            20000,
            32000,
            new TreeSet<>(),
            new TreeMap<>(),
            Choices.NONE,
            false,
            Optional.of(
                new Surroundings(
                    ConsulVersion.of(version),
                    new TreeSet<>(),
                    new TreeMap<>(),
                    new TreeMap<>()))));
  }

  @Test
  void anOldConsulIsNotToldWhatItDoesNotKnowOfAGateway() {
    Desired plain =
        resolve(
            "1.8.7",
            "a.hcl",
            gateway("tls {\n enabled = true\n}", "service {\n name = \"web\"\n}"));
    Desired old = resolve("1.8.7", "a.hcl", gateway(MODERN, SERVICE));

    assertThat(old.problems()).isEmpty();
    assertThat(old.entries())
        .singleElement()
        .extracting(ConfigEntry::body)
        .isEqualTo(plain.entries().get(0).body());
    assertThat(old.warnings())
        .extracting(Problem::message)
        .filteredOn(message -> message.contains("does not know"))
        .hasSize(4)
        .allMatch(message -> message.contains(": left out, so "));
    assertThat(left("1.11.0")).isEqualTo(2);
    assertThat(left("1.11.2")).isEqualTo(1);
    assertThat(left("1.11.11")).isZero();
    assertThat(left("1.12.5")).isEqualTo(1);
    assertThat(left("1.12.6")).isZero();
    assertThat(left("1.13.2")).isEqualTo(1);
    assertThat(left("1.13.3")).isZero();
  }

  private static long left(String version) {
    return resolve(version, "a.hcl", gateway(MODERN, SERVICE)).warnings().stream()
        .filter(warning -> warning.message().contains("does not know"))
        .count();
  }

  @Test
  void anEntryIsMarkedWhereConsulTakesMarks() {
    assertThat(resolve("1.8.7", "a.hcl", gateway("", SERVICE)).entries().get(0).meta())
        .containsEntry("connect-bridge-owner", "default")
        .containsEntry("connect-bridge-source", "a.hcl");
    assertThat(resolve("1.8.3", "a.hcl", gateway("", SERVICE)).entries().get(0).meta()).isEmpty();
  }

  @Test
  void instancesOfOneGatewayShareOneEntry() {
    String two = gateway("", SERVICE).replace("group \"api\" {", "group \"api\" {\ncount = 2\n");

    Desired desired = resolve("1.8.7", "a.hcl", two);

    assertThat(desired.workloads()).hasSize(2);
    assertThat(desired.entries()).hasSize(1);
  }

  @Test
  void twoFilesThatDescribeOneGatewayDifferentlyAreBothTold() {
    String other =
        gateway("", SERVICE.replace("\"web\"", "\"api\"")).replace("job \"shop\"", "job \"other\"");

    Desired desired = resolve("1.8.7", "a.hcl", gateway("", SERVICE), "b.hcl", other);

    assertThat(desired.problems()).extracting(Problem::file).containsExactly("a.hcl", "b.hcl");
    assertThat(desired.problems().get(0).message()).contains("gate", "b.hcl:");
    assertThat(desired.entries()).isEmpty();
    assertThat(desired.frozen()).containsExactly("a.hcl", "b.hcl");
  }
}
