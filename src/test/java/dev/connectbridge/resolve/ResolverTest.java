package dev.connectbridge.resolve;

import static dev.connectbridge.testing.Specs.NODE;
import static dev.connectbridge.testing.Specs.group;
import static dev.connectbridge.testing.Specs.job;
import static dev.connectbridge.testing.Specs.registration;
import static dev.connectbridge.testing.Specs.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Registration.Check;
import dev.connectbridge.resolve.Registration.Sidecar;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import dev.connectbridge.testing.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ResolverTest {
  private static final String SIDECAR = "name = \"cart\"\nport = \"9001\"\n" + connect("");

  private static String connect(String sidecarBody) {
    return "connect {\nsidecar_service {\n" + sidecarBody + "\n}\n}\n";
  }

  @Test
  void aCountThatNoMachineCouldRunIsAProblemAndNothingIsMadeOfIt() {
    String job =
        """
        job "shop" {
          group "a" {
            count = 2
          }
          group "b" {
            count = 2000000000
          }
          group "c" {
            count = 2000000000
          }
        }
        """;

    Desired desired = Specs.resolve(job);

    assertThat(desired.problems())
        .extracting(Problem::message)
        .first()
        .isEqualTo(
            "a job may have 10000 instances of groups at most, and this makes it 2000000002");
    assertThat(desired.problems()).hasSize(2);
  }

  @Test
  void aSidecarGetsAPortOfTheRangeAndTheTwoChecksThatNomadGivesIt() {
    Registration cart = registration(job(SIDECAR));

    Sidecar sidecar = cart.sidecar().orElseThrow();
    assertThat(sidecar.port()).isBetween(20000, 32000);
    assertThat(sidecar.address()).isEqualTo("10.0.0.1");
    assertThat(sidecar.proxy().config())
        .containsEntry("bind_port", Value.Num.of(sidecar.port()))
        .containsEntry("bind_address", new Value.Text("0.0.0.0"));
    assertThat(sidecar.proxy().localServicePort()).isEqualTo(9001);
    assertThat(sidecar.checks())
        .extracting(Check::name)
        .containsExactly("Connect Sidecar Aliasing " + cart.id(), "Connect Sidecar Listening");
  }

  @Test
  void theDefaultTcpCheckCanBeLeftOut() {
    Registration cart =
        registration(
            job(SIDECAR.replace(connect(""), connect("disable_default_tcp_check = true"))));

    assertThat(cart.sidecar().orElseThrow().checks())
        .extracting(Check::name)
        .containsExactly("Connect Sidecar Aliasing " + cart.id());
  }

  @Test
  void idsAreMadeOfCharactersThatConsulCanAddressAndNameAllocationGroupServiceAndPort() {
    Registration cart = registration(job(SIDECAR));

    assertThat(cart.id().value())
        .matches("_connect-bridge-[0-9a-f-]{36}\\.api\\.cart\\.9001")
        .isEqualTo(registration(job(SIDECAR)).id().value());
    assertThat(cart.id().value().charAt(16 + 14)).as("the version of the UUID").isEqualTo('5');
    assertThat(cart.sidecar().orElseThrow().checks())
        .allSatisfy(check -> assertThat(check.id()).matches("[A-Za-z0-9._-]+"));
  }

  @Test
  void aPortLabelBecomesTheHostPortAndTheProxyDialsWhatTheLabelIsMappedTo() {
    Desired desired = Specs.resolve(job(SIDECAR.replace("9001", "http")));
    Registration cart = desired.workloads().get(0).registration();

    assertThat(cart.address()).isEqualTo("10.0.0.1");
    assertThat(cart.port()).isBetween(20000, 32000);
    assertThat(cart.sidecar().orElseThrow().proxy().localServicePort()).isEqualTo(8080);
    assertThat(desired.warnings())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("local_service_port is taken to be 8080"));
  }

  @Test
  void sidecarTagsReplaceTheServicesAndAreInheritedWhereThereAreNone() {
    String tagged = SIDECAR.replace("port =", "tags = [\"a\", \"b\"]\nport =");

    assertThat(registration(job(tagged)).sidecar().orElseThrow().tags()).containsExactly("a", "b");
    assertThat(
            registration(job(tagged.replace(connect(""), connect("tags = [\"c\"]"))))
                .sidecar()
                .orElseThrow()
                .tags())
        .containsExactly("c");
  }

  @Test
  void everyInstanceOfACountHasItsOwnIdAndPort() {
    String three = group("count = 3\nservice {\n" + SIDECAR + "\n}");

    List<Registration> instances =
        Specs.resolve(three).workloads().stream().map(Workload::registration).toList();

    assertThat(instances).hasSize(3);
    assertThat(instances).extracting(Registration::id).doesNotHaveDuplicates();
    assertThat(instances)
        .extracting(instance -> instance.sidecar().orElseThrow().port())
        .doesNotHaveDuplicates();
    assertThat(instances)
        .extracting(instance -> instance.marks().group())
        .containsExactlyInAnyOrder("shop.api[0]", "shop.api[1]", "shop.api[2]");
  }

  @Test
  void aPortThatWasGivenBeforeIsGivenAgainEvenThoughSomebodyListensOnIt() {
    Registration first = registration(job(SIDECAR));
    int port = first.sidecar().orElseThrow().port();
    Observed held = new Observed(List.of(first.asHeld()), List.of(), List.of());

    Desired again =
        Resolver.resolve(
            snapshot("shop.nomad.hcl", job(SIDECAR)),
            situation(new TreeSet<>(List.of(port)), held.rememberedPorts("default")));

    assertThat(again.workloads().get(0).registration()).isEqualTo(first);
  }

  @Test
  void aNewPortIsNeverOneThatIsTaken() {
    int port = registration(job(SIDECAR)).sidecar().orElseThrow().port();

    Desired other =
        Resolver.resolve(
            snapshot("shop.nomad.hcl", job(SIDECAR)),
            situation(new TreeSet<>(List.of(port)), new TreeMap<>()));

    assertThat(other.workloads().get(0).registration().sidecar().orElseThrow().port())
        .isNotEqualTo(port);
  }

  @Test
  void aPortThatWasGivenBeforeYieldsToASpecThatHasItAsAStaticOne() {
    Registration first = registration(job(SIDECAR));
    int port = first.sidecar().orElseThrow().port();
    Observed held = new Observed(List.of(first.asHeld()), List.of(), List.of());
    String other =
        job(SIDECAR)
            .replace("\"shop\"", "\"other\"")
            .replace("9001", "9002")
            .replace("port \"http\" { to = 8080 }", "port \"http\" { static = " + port + " }");

    Desired desired =
        Resolver.resolve(
            snapshot("shop.nomad.hcl", job(SIDECAR), "other.nomad.hcl", other),
            situation(new TreeSet<>(), held.rememberedPorts("default")));

    assertThat(desired.problems()).isEmpty();
    assertThat(desired.workloads())
        .extracting(workload -> workload.registration().sidecar().orElseThrow().port())
        .doesNotContain(port);
  }

  @Test
  void twoServicesThatWouldHaveOneIdAreAProblemOfTheirFileAlone() {
    String twins =
        group(
                "service {\nname = \"a\"\nport = \"x.y\"\n}\nservice {\nname = \"a\"\nport = \"x-y\"\n}")
            .replace("port \"admin\" {}", "port \"x.y\" {}\nport \"x-y\" {}");
    String good = job(SIDECAR).replace("\"shop\"", "\"other\"");

    Desired desired =
        Resolver.resolve(
            snapshot("twins.nomad.hcl", twins, "good.nomad.hcl", good),
            Situation.of("default", NODE));

    assertThat(desired.frozen()).containsExactly("twins.nomad.hcl");
    assertThat(desired.problems())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("stands twice with the port"));
    assertThat(desired.workloads()).hasSize(1);
  }

  @Test
  void aRangeThatIsUsedUpIsAProblemAndNoPortIsGivenTwice() {
    Situation two =
        new Situation(
            "default",
            NODE,
            30000,
            30001,
            new TreeSet<>(),
            new TreeMap<>(),
            Choices.NONE,
            false,
            Optional.empty());

    Desired desired = Resolver.resolve(snapshot("shop.nomad.hcl", job(SIDECAR)), two);

    assertThat(desired.problems())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("no port is left for"));
    assertThat(desired.workloads()).isEmpty();
  }

  @Test
  void whatIsKnownIsFilledInAndWhatIsNotStaysWithAWarning() {
    Desired desired =
        Specs.resolve(
            job(
                SIDECAR
                    + "\ntags = [\"${NOMAD_ALLOC_INDEX}-${node.datacenter}-${meta.rack}\","
                    + " \"${nope}\", \"${attr.kernel.name}\", \"${NOMAD_PORT_http}\"]"));

    assertThat(desired.workloads().get(0).registration().tags())
        .containsExactly("0-dc1-r7", "${nope}", "linux", "8080");
    assertThat(desired.warnings())
        .extracting(Problem::toString)
        .anyMatch(text -> text.contains("shop.nomad.hcl:") && text.contains("${nope}"));
  }

  @Test
  void aJobOfAnotherDatacenterIsSkippedWithAWarning() {
    String elsewhere = job(SIDECAR).replace("\"dc1\"", "\"dc2\", \"dc3\"");

    Desired desired = Specs.resolve(elsewhere);

    assertThat(desired.workloads()).isEmpty();
    assertThat(desired.problems()).isEmpty();
    assertThat(desired.warnings())
        .extracting(Problem::message)
        .anyMatch(m -> m.contains("skipped"));
    assertThat(Specs.resolve(job(SIDECAR).replace("\"dc1\"", "\"dc*\"")).workloads()).hasSize(1);
  }

  @Test
  void twoFilesWithTheSameGroupAreOneProblemInEachThatNamesTheOther() {
    Desired desired =
        Resolver.resolve(
            snapshot("a.nomad.hcl", job(SIDECAR), "b.nomad.hcl", job(SIDECAR)),
            Situation.of("default", NODE));

    assertThat(desired.workloads()).isEmpty();
    assertThat(desired.frozen()).containsExactly("a.nomad.hcl", "b.nomad.hcl");
    assertThat(desired.problems())
        .extracting(Problem::toString)
        .satisfiesExactly(
            one -> assertThat(one).startsWith("a.nomad.hcl:").contains("also in b.nomad.hcl:3"),
            two -> assertThat(two).startsWith("b.nomad.hcl:").contains("also in a.nomad.hcl:3"));
  }

  @Test
  void aFileWithAProblemIsFrozenAndTheOthersGoOn() {
    Desired desired =
        Resolver.resolve(
            snapshot(
                "bad.nomad.hcl",
                job("name = \"cart\"\nport = \"nolabel\""),
                "good.nomad.hcl",
                job(SIDECAR).replace("shop", "other")),
            Situation.of("default", NODE));

    assertThat(desired.frozen()).containsExactly("bad.nomad.hcl");
    assertThat(desired.workloads())
        .extracting(workload -> workload.registration().marks().source())
        .containsExactly("good.nomad.hcl");
  }

  @Test
  void theOrderOfTheFilesChangesNothing() {
    String[] files = {
      "a.nomad.hcl", job(SIDECAR), "b.nomad.hcl", job(SIDECAR).replace("shop", "other")
    };
    String[] turned = {files[2], files[3], files[0], files[1]};

    assertThat(Resolver.resolve(snapshot(turned), Situation.of("default", NODE)))
        .isEqualTo(Resolver.resolve(snapshot(files), Situation.of("default", NODE)));
  }

  @Test
  void twoUpstreamsToOneDestinationWarnOfflineAndAreRefusedForAnAgent() {
    String twice =
        job(
            SIDECAR.replace(
                connect(""),
                connect(
                    """
                    proxy {
                    upstreams {
                      destination_name = "db"
                      local_bind_port = 1
                    }
                    upstreams {
                      destination_name = "db"
                      local_bind_port = 2
                    }
                    }""")));
    Situation agent =
        new Situation(
            "default",
            NODE,
            20000,
            32000,
            new TreeSet<>(),
            new TreeMap<>(),
            Choices.NONE,
            true,
            Optional.of(Surroundings.UNKNOWN));

    assertThat(Specs.resolve(twice).problems()).isEmpty();
    assertThat(Specs.resolve(twice).warnings())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("two upstreams to \"db\""));
    assertThat(Resolver.resolve(snapshot("shop.nomad.hcl", twice), agent).problems())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("two upstreams to \"db\""));
  }

  @Test
  void metaThatConsulWouldRefuseIsAProblemBeforeItIsSent() {
    Map<String, String> refused =
        Map.of(
            "\"a.b\" = \"dot\"",
            "is no key for Consul",
            "consul-x = \"1\"",
            "is reserved",
            "connect-bridge-owner = \"me\"",
            "is reserved",
            "long = \"" + "x".repeat(513) + "\"",
            "longer than 512 bytes");

    refused.forEach(
        (pair, message) ->
            assertThat(Specs.resolve(job(SIDECAR + "\nmeta {\n" + pair + "\n}")).problems())
                .as(pair)
                .extracting(Problem::message)
                .anyMatch(text -> text.contains(message)));
  }

  @Test
  void theUsersPairsAndTheMarksAreAtMostSixtyFourTogether() {
    StringBuilder pairs = new StringBuilder();
    for (int i = 0; i < 56; i++) {
      pairs.append("k").append(i).append(" = \"v\"\n");
    }

    assertThat(Specs.resolve(job(SIDECAR + "\nmeta {\n" + pairs + "}")).problems()).isEmpty();
    assertThat(Specs.resolve(job(SIDECAR + "\nmeta {\n" + pairs + "one = \"more\"\n}")).problems())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("at most 56 are left, not 57"));
  }

  @Test
  void theHashStandsForEverythingButTheMarks() {
    Registration cart = registration(job(SIDECAR));
    Marks moved = new Marks("other", "elsewhere", "moved.hcl", "", "");

    assertThat(Fields.hash(cart.withMarks(moved))).isEqualTo(cart.marks().hash());
    assertThat(Fields.hash(cart.withTags(List.of("new")))).isNotEqualTo(cart.marks().hash());
    assertThat(registration("# a comment\n" + job(SIDECAR)).marks().hash())
        .isEqualTo(cart.marks().hash());
  }

  @Test
  void anEditedCheckKeepsItsIdAndChangesTheHash() {
    String checked =
        SIDECAR
            + "\ncheck {\ntype = \"http\"\npath = \"/health\"\ninterval = \"10s\"\ntimeout ="
            + " \"2s\"\n}";
    Registration ten = registration(job(checked));
    Registration five = registration(job(checked.replace("10s", "5s")));

    assertThat(five.checks())
        .extracting(Check::id)
        .isEqualTo(ten.checks().stream().map(Check::id).toList());
    assertThat(five.marks().hash()).isNotEqualTo(ten.marks().hash());
  }

  @Test
  void portsOfAnotherHostNetworkHaveItsAddress() {
    String other =
        job("name = \"cart\"\nport = \"http\"")
            .replace("{ to = 8080 }", "{ host_network = \"private\" }");

    assertThat(registration(other).address()).isEqualTo("192.168.7.7");
    assertThat(Specs.resolve(other.replace("private", "nowhere")).problems())
        .extracting(Problem::message)
        .containsExactly("this node has no host network \"nowhere\"");
  }

  private static Situation situation(
      SortedSet<Integer> taken, SortedMap<String, Integer> remembered) {
    return new Situation(
        "default",
        NODE,
        20000,
        32000,
        taken,
        remembered,
        Choices.NONE,
        true,
        Optional.of(Surroundings.UNKNOWN));
  }

  @Test
  void twoServicesThatComeToOneIdAreAProblemAndNoBreakdown() {
    Node labelled =
        new Node(
            NODE.id(),
            NODE.name(),
            NODE.datacenter(),
            NODE.address(),
            NODE.hostNetworks(),
            NODE.attributes(),
            new TreeMap<>(Map.of("label", "http")));
    Desired desired =
        Resolver.resolve(
            snapshot(
                "shop.nomad.hcl",
                group(
                    """
                service {
                  name = "cart"
                  port = "http"
                }
                service {
                  name = "cart"
                  port = "${meta.label}"
                }
                """)),
            Situation.of("default", labelled));

    assertThat(desired.workloads()).isEmpty();
    assertThat(desired.problems())
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .contains("service \"cart\" stands twice");
  }

  @Test
  void whatIsWrongElsewhereIsToldBesideWhatCouldNotBeRead() {
    String two =
        Specs.group(
            """
            service {
              name = "cart"
              port = "htpp"
              prot = "http"
            }
            service {
              name = "web"
              port = "htpp"
              check {
                type     = "http"
                path     = "/"
                interval = 5
                timeout  = "2s"
              }
            }
            """);

    Desired desired = Specs.resolve(two);

    assertThat(desired.workloads()).isEmpty();
    assertThat(desired.problems())
        .extracting(Problem::path)
        .containsExactly(
            "job.shop.group.api.service[0].port",
            "job.shop.group.api.service[0].prot",
            "job.shop.group.api.service[1].port",
            "job.shop.group.api.service[1].check[0].interval");
    assertThat(Specs.resolve(two.replace("interval = 5", "interval = \"5s\"")).problems())
        .extracting(Problem::path)
        .containsExactly(
            "job.shop.group.api.service[0].port",
            "job.shop.group.api.service[0].prot",
            "job.shop.group.api.service[1].port");
  }
}
