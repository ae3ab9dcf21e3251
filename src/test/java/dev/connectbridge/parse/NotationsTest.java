package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectbridge.spec.ConnectSpec.SidecarTask;
import dev.connectbridge.spec.ConnectSpec.Upstream;
import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Origin;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.TaskSpec;
import dev.connectbridge.spec.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotationsTest {
  private static JobSpec read(String name) {
    Parsed parsed = SpecParser.parse(name, Texts.resource(name));
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.warnings()).isEmpty();
    return parsed.jobs().get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rich.hcl.json", "rich.yaml", "rich.api.json"})
  void everyNotationGivesTheSameJob(String name) {
    assertThat(read(name))
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Origin.class)
        .isEqualTo(read("rich.nomad.hcl"));
  }

  @Test
  void theApiFormIsReadWithoutTheObjectAroundItToo() {
    String text = Texts.resource("rich.api.json").strip();
    String bare = text.substring(text.indexOf('{', 1), text.length() - 1);

    assertThat(SpecParser.parse("bare.json", bare).jobs())
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Origin.class)
        .isEqualTo(List.of(read("rich.nomad.hcl")));
  }

  @Test
  void anHclFileThatBeginsAsJsonIsJson() {
    assertThat(SpecParser.parse("job.nomad", "\n  " + Texts.resource("rich.hcl.json")).jobs())
        .hasSize(1);
  }

  @Test
  void theApiFormIsReadFromYamlToo() {
    assertThat(SpecParser.parse("rich.yml", Texts.resource("rich.api.json")).jobs())
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Origin.class)
        .isEqualTo(List.of(read("rich.nomad.hcl")));
  }

  @Test
  void theJobAndItsGroupAreAsWritten() {
    JobSpec job = read("rich.nomad.hcl");
    GroupSpec group = job.groups().get(0);

    assertThat(job.id()).isEqualTo("shop");
    assertThat(job.name()).isEqualTo("shop");
    assertThat(job.region()).isEqualTo("eu");
    assertThat(job.namespace()).isEqualTo("store");
    assertThat(job.datacenters()).containsExactly("dc1", "dc2");
    assertThat(job.meta()).containsExactly(Map.entry("team", "red"));
    assertThat(group.count()).isEqualTo(2);
    assertThat(group.shutdownDelay()).isEqualTo(Duration.ofSeconds(90));
    assertThat(group.meta()).containsExactly(Map.entry("color", "green"));
    assertThat(group.ephemeralDiskMb()).isEqualTo(500);
    assertThat(group.networks().get(0).mode()).isEqualTo("bridge");
    assertThat(group.networks().get(0).ports())
        .extracting(port -> List.of(port.label(), port.fixed(), port.to(), port.hostNetwork()))
        .containsExactly(
            List.of("http", OptionalInt.empty(), OptionalInt.of(8080), "default"),
            List.of("admin", OptionalInt.of(9090), OptionalInt.of(-1), "private"));
  }

  @Test
  void theServiceAndItsChecksAreAsWritten() {
    ServiceSpec service = read("rich.nomad.hcl").groups().get(0).services().get(0);
    ServiceSpec.Check check = service.checks().get(0);

    assertThat(service.tags()).containsExactly("v1", "n-${NOMAD_ALLOC_INDEX}");
    assertThat(service.addressMode()).isEqualTo("alloc");
    assertThat(service.meta()).containsEntry("shard", "3");
    assertThat(check.type()).isEqualTo("http");
    assertThat(check.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(check.header()).containsEntry("X-Twice", List.of("1", "2"));
    assertThat(service.checks()).hasSize(2);
  }

  @Test
  void theProxyIsAsWritten() {
    ServiceSpec service = read("rich.nomad.hcl").groups().get(0).services().get(0);
    List<Upstream> upstreams = service.sidecar().orElseThrow().proxy().upstreams();

    assertThat(service.sidecar().orElseThrow().proxy().config())
        .containsEntry("ratio", new Value.Num(new BigDecimal("1.5")))
        .containsEntry(
            "nested",
            new Value.Items(List.of(new Value.Entries(Map.of("deep", new Value.Text("yes"))))));
    assertThat(upstreams)
        .extracting(Upstream::destinationName, Upstream::localBindPort, Upstream::meshGatewayMode)
        .containsExactly(tuple("db", 5432, "local"), tuple("cache", 0, ""));
    assertThat(upstreams.get(1).localBindSocketMode()).isEqualTo("0600");
  }

  @Test
  void theSidecarTaskKeepsOnlyWhatWasSet() {
    SidecarTask task =
        SpecParser.parse(
                "x.hcl", Texts.service("connect { sidecar_task { kill_timeout = \"0\" } }"))
            .jobs()
            .get(0)
            .groups()
            .get(0)
            .services()
            .get(0)
            .connect()
            .orElseThrow()
            .sidecarTask()
            .orElseThrow();

    assertThat(task.killTimeout()).contains(Duration.ZERO);
    assertThat(task.shutdownDelay()).isEmpty();
    assertThat(task.resources()).isEqualTo(TaskSpec.Resources.UNSAID);
    assertThat(task.logs()).isEqualTo(TaskSpec.Logs.UNSAID);
    assertThat(task.driver()).isEmpty();
  }

  @Test
  void whatWasLeftOutIsAsNomadHasIt() {
    JobSpec job =
        SpecParser.parse("x.hcl", Texts.group("network {}", "service {}", "task \"t\" {}"))
            .jobs()
            .get(0);
    GroupSpec group = job.groups().get(0);

    assertThat(job.region()).isEqualTo("global");
    assertThat(job.namespace()).isEqualTo("default");
    assertThat(group.count()).isEqualTo(1);
    assertThat(group.ephemeralDiskMb()).isEqualTo(300);
    assertThat(group.networks().get(0).mode()).isEqualTo("host");
    assertThat(group.services().get(0).name()).isEmpty();
    assertThat(group.services().get(0).addressMode()).isEqualTo("auto");
    assertThat(group.services().get(0).onUpdate()).isEqualTo("require_healthy");
    assertThat(group.tasks().get(0).killTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aBlockKnowsItsPathAndWhereItsKeysStand() {
    ServiceSpec service = read("rich.nomad.hcl").groups().get(0).services().get(0);
    Upstream second = service.sidecar().orElseThrow().proxy().upstreams().get(1);

    assertThat(second.origin().path())
        .isEqualTo("job.shop.group.web.service[0].connect.sidecar_service.proxy.upstreams[1]");
    assertThat(second.origin().place()).isEqualTo(new Place(124, 13));
    assertThat(second.origin().keys()).containsEntry("destination_name", new Place(125, 15));
    assertThat(second.origin().file()).isEqualTo("rich.nomad.hcl");
  }

  @Test
  void theApiFormHasTheSamePathsAndItsOwnPlaces() {
    ServiceSpec service = read("rich.api.json").groups().get(0).services().get(0);

    assertThat(service.origin().path()).isEqualTo("job.shop.group.web.service[0]");
    assertThat(service.origin().keys().get("port"))
        .isEqualTo(place("rich.api.json", "\"PortLabel\""));
  }

  private static Place place(String name, String word) {
    List<String> lines = Texts.resource(name).lines().toList();
    int line =
        lines.indexOf(lines.stream().filter(each -> each.contains(word)).findFirst().orElseThrow());
    return new Place(line + 1, lines.get(line).indexOf(word) + 1);
  }
}
