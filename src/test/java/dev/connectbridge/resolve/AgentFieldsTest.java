package dev.connectbridge.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import dev.connectbridge.testing.Specs;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AgentFieldsTest {
  private static final String CHECK =
      """
      name = "cart"
      port = "9001"
      check {
        type = "http"
        path = "/"
        interval = "5s"
        timeout = "2s"
        tls_server_name = "cart.example"
        failures_before_critical = 3
        failures_before_warning = 2
      }
      """;
  private static final String UPSTREAM =
      """
      destination_name = "db"
      destination_partition = "p"
      local_bind_port = 8001
      local_bind_socket_mode = "0600"
      }
      upstreams {
      destination_name = "mail"
      destination_peer = "far"
      local_bind_port = 8002
      """;
  private static final String SPEC = spec("transparent_proxy {}", UPSTREAM);

  private static String spec(String proxy, String upstream) {
    return Specs.job(
        CHECK
            + "connect {\nsidecar_service {\nproxy {\n%s\nupstreams {\n%s\n}\n}\n}\n}\n"
                .formatted(proxy, upstream));
  }

  private static Desired resolve(String text, String version) {
    return Resolver.resolve(Specs.snapshot("shop.nomad.hcl", text), situation(version));
  }

  private static Situation situation(String version) {
    return new Situation(
        "default",
        Specs.NODE,
        20000,
        32000,
        new TreeSet<>(),
        new TreeMap<>(),
        Choices.NONE,
        true,
        Optional.of(
            new Surroundings(
                ConsulVersion.of(version), new TreeSet<>(), new TreeMap<>(), new TreeMap<>())));
  }

  @Test
  void anOldConsulIsNotToldWhatItDoesNotKnow() {
    Desired old = resolve(SPEC, "1.8.7");

    assertThat(old.problems()).isEmpty();
    assertThat(old.warnings())
        .extracting(Problem::message)
        .filteredOn(message -> message.startsWith("Consul 1.8.7 does not know"))
        .hasSize(6)
        .anyMatch(message -> message.contains("destination_peer, which came with 1.13.0"));
    assertThat(Fields.of(old.workloads().get(0).registration()).keySet())
        .noneMatch(
            path -> path.matches(".*(mode|socket_mode|server_name|before_warning|partition|peer)"))
        .anyMatch(path -> path.endsWith("failures_before_critical"));
  }

  @Test
  void whatIsLeftOutIsAsIfItHadNeverBeenSaid() {
    String without =
        spec(
                "",
                """
                destination_name = "db"
                local_bind_port = 8001
                }
                upstreams {
                destination_name = "mail"
                local_bind_port = 8002
                """)
            .replace("tls_server_name = \"cart.example\"", "")
            .replace("failures_before_warning = 2", "");

    assertThat(resolve(SPEC, "1.8.7").workloads().get(0).registration())
        .isEqualTo(resolve(without, "1.8.7").workloads().get(0).registration());
  }

  @Test
  void aWarningStandsWhereTheFieldIs() {
    Problem peer =
        resolve(SPEC, "1.8.7").warnings().stream()
            .filter(warning -> warning.path().endsWith("destination_peer"))
            .findFirst()
            .orElseThrow();

    assertThat(SPEC.lines().toList().get(peer.place().line() - 1)).contains("destination_peer");
  }

  @Test
  void everyReleaseKnowsMore() {
    assertThat(left("1.8.7")).isEqualTo(6);
    assertThat(left("1.10.0")).isEqualTo(3);
    assertThat(left("1.11.4+ent")).isEqualTo(1);
    assertThat(left("1.13.0")).isZero();
    assertThat(left("2.0.0-dev")).isZero();
    assertThat(left("no version")).isZero();
  }

  private static long left(String version) {
    return resolve(SPEC, version).warnings().stream()
        .filter(warning -> warning.message().contains("does not know"))
        .count();
  }

  @Test
  void anUpstreamThatOnlyASocketReachesCannotBeRegistered() {
    String socket = spec("", "destination_name = \"db\"\nlocal_bind_socket_path = \"/run/db\"");

    assertThat(resolve(socket, "1.8.7").problems())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("does not know local_bind_socket_path")
        .contains("listens nowhere");
    assertThat(resolve(socket, "1.10.0").problems()).isEmpty();
  }

  @Test
  void statisticsAreTaggedWhereTheOperatorSaysSoAndTheUsersOwnTagsStay() {
    String own = spec("config { envoy_stats_tags = [\"nomad.group=mine\", \"x=y\"] }", UPSTREAM);
    Situation tagged =
        Situation.of("default", Specs.NODE)
            .with(new Choices(false, false, true, false, SidecarTask.NOMAD, false));

    assertThat(tags(own, Situation.of("default", Specs.NODE)))
        .containsExactly("nomad.group=mine", "x=y");
    assertThat(tags(own, tagged))
        .hasSize(5)
        .startsWith("nomad.group=mine", "x=y")
        .endsWith("nomad.job=shop", "nomad.namespace=default");
    assertThat(tags(SPEC, tagged))
        .hasSize(4)
        .contains("nomad.group=api", "nomad.job=shop", "nomad.namespace=default");
  }

  private static List<String> tags(String text, Situation situation) {
    Value tags =
        Resolver.resolve(Specs.snapshot("shop.nomad.hcl", text), situation)
            .workloads()
            .get(0)
            .registration()
            .sidecar()
            .orElseThrow()
            .proxy()
            .config()
            .get("envoy_stats_tags");
    return ((Value.Items) tags).items().stream().map(tag -> ((Value.Text) tag).text()).toList();
  }
}
