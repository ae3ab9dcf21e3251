package dev.connectbridge.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.resolve.Observed.Foreign;
import dev.connectbridge.resolve.Situation.Choices;
import dev.connectbridge.resolve.Situation.SidecarTask;
import dev.connectbridge.resolve.Situation.Surroundings;
import dev.connectbridge.testing.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ClashesTest {
  private static final Choices OWN =
      new Choices(false, false, false, true, SidecarTask.NOMAD, false);

  private static String job(String name, String ports, String service) {
    return """
        job "%s" {
          group "g" {
            network {
              mode = "bridge"
              %s
            }
            service {
              name = "%s"
              port = "%s"
              %s
            }
          }
        }
        """
        .formatted(name, ports, name, name.equals("one") ? "9000" : "9100", service);
  }

  private static String literal(String job, int port) {
    return job(job, "", "").replaceFirst("port = \"9[01]00\"", "port = \"" + port + "\"");
  }

  private static String upstream(String job, String listener) {
    return job(
        job,
        "",
        """
        connect {
          sidecar_service {
            proxy {
              upstreams {
                destination_name = "db"
                %s
              }
            }
          }
        }
        """
            .formatted(listener));
  }

  private static String fixed(String job, int port) {
    return job(job, "port \"http\" { static = " + port + " }", "");
  }

  private static Situation situation(Choices choices, Optional<Surroundings> agent) {
    return new Situation(
        "default",
        Specs.NODE,
        20000,
        32000,
        new TreeSet<>(),
        new TreeMap<>(),
        choices,
        true,
        agent);
  }

  private static List<String> problems(Situation situation, String... namesAndTexts) {
    return Resolver.resolve(Specs.snapshot(namesAndTexts), situation).problems().stream()
        .map(Object::toString)
        .toList();
  }

  private static List<String> problems(String first, String second) {
    Situation shared = situation(Choices.NONE, Optional.empty());
    List<String> problems = problems(shared, "a.hcl", first, "b.hcl", second);
    assertThat(problems(shared, "b.hcl", second, "a.hcl", first)).isEqualTo(problems);
    return problems;
  }

  private static void assertBothAreNamed(List<String> problems) {
    assertThat(problems).hasSize(2);
    assertThat(problems.get(0)).startsWith("a.hcl:").contains("in b.hcl:");
    assertThat(problems.get(1)).startsWith("b.hcl:").contains("in a.hcl:");
  }

  @Test
  void twoGroupsThatListenOnOnePortForTheirUpstreamsAreBothTold() {
    List<String> problems =
        problems(
            upstream("one", "local_bind_port = 8001"), upstream("two", "local_bind_port = 8001"));

    assertBothAreNamed(problems);
    assertThat(problems.get(0))
        .contains(
            "the upstream \"db\" is at 127.0.0.1:8001, as is the upstream \"db\" of job \"two\"");
  }

  @Test
  void everyAddressMeetsEachOther() {
    String any = "local_bind_port = 8001\nlocal_bind_address = \"0.0.0.0\"";
    String other = "local_bind_port = 8001\nlocal_bind_address = \"127.0.0.2\"";
    String said = "local_bind_port = 8001\nlocal_bind_address = \"127.0.0.1\"";

    assertBothAreNamed(problems(upstream("one", any), upstream("two", other)));
    assertBothAreNamed(problems(upstream("one", said), upstream("two", "local_bind_port = 8001")));
    assertThat(problems(upstream("one", said), upstream("two", other))).isEmpty();
  }

  @Test
  void groupsWithNetworksOfTheirOwnListenWhereTheyLike() {
    assertThat(
            problems(
                situation(OWN, Optional.empty()),
                "a.hcl",
                upstream("one", "local_bind_port = 8001"),
                "b.hcl",
                upstream("two", "local_bind_port = 8001")))
        .isEmpty();
  }

  @Test
  void specsThatAreLookedAtAloneAreInNobodysWay() {
    assertThat(
            problems(
                Situation.of("default", Specs.NODE),
                "a.hcl",
                fixed("one", 9090),
                "b.hcl",
                fixed("two", 9090)))
        .isEmpty();
  }

  @Test
  void aStaticPortBelongsToOneGroup() {
    assertBothAreNamed(problems(fixed("one", 9090), fixed("two", 9090)));
    assertThat(problems(fixed("one", 9090), fixed("two", 9091))).isEmpty();
  }

  @Test
  void aStaticPortOnTheHostIsOneEvenWithANetworkOfItsOwn() {
    assertThat(
            problems(
                situation(OWN, Optional.empty()),
                "a.hcl",
                fixed("one", 9090),
                "b.hcl",
                fixed("two", 9090)))
        .hasSize(2);
  }

  @Test
  void anUpstreamAndAStaticPortDoNotShareOne() {
    assertBothAreNamed(problems(upstream("one", "local_bind_port = 9090"), fixed("two", 9090)));
  }

  @Test
  void twoApplicationsDoNotListenOnOneNumber() {
    List<String> problems = problems(literal("one", 9001), literal("two", 9001));

    assertBothAreNamed(problems);
    assertThat(problems.get(0))
        .contains("the application of service \"one\" is at port 9001")
        .contains("(job.one.group.g.service[0].port)")
        .contains("as is the application of service \"two\" of job \"two\" group \"g\"");
    assertBothAreNamed(problems(literal("one", 9090), fixed("two", 9090)));
    assertBothAreNamed(problems(literal("one", 8001), upstream("two", "local_bind_port = 8001")));
    assertThat(problems(literal("one", 9001), literal("two", 9002))).isEmpty();
  }

  @Test
  void twoGroupsOfOneJobDoNotListenOnOneNumberEither() {
    String two =
        "job \"one\" {\n"
            + group("a", "service {\nname = \"web\"\nport = \"9001\"\n}")
            + group("b", "service {\nname = \"api\"\nport = \"9001\"\n}")
            + "}";

    assertThat(problems(situation(Choices.NONE, Optional.empty()), "a.hcl", two))
        .hasSize(2)
        .allMatch(problem -> problem.contains(" in a.hcl:"));
  }

  private static String group(String name, String inside) {
    return "group \"" + name + "\" {\n" + inside + "\n}\n";
  }

  @Test
  void anApplicationMayHaveTwoNames() {
    String two =
        "job \"one\" {\n"
            + group(
                "a",
                "service {\nname = \"web\"\nport = \"9001\"\n}\n"
                    + "service {\nname = \"api\"\nport = \"9001\"\n}")
            + "}";

    assertThat(problems(situation(Choices.NONE, Optional.empty()), "a.hcl", two)).isEmpty();
  }

  @Test
  void aNumberIsOnesOwnWithANetworkOrAnAddressOfItsOwn() {
    String elsewhere =
        literal("two", 9001).replace("port = \"9001\"", "port = \"9001\"\naddress = \"10.9.9.9\"");

    assertThat(problems(literal("one", 9001), elsewhere)).isEmpty();
    assertThat(
            problems(
                situation(OWN, Optional.empty()),
                "a.hcl",
                literal("one", 9001),
                "b.hcl",
                literal("two", 9001)))
        .isEmpty();
  }

  @Test
  void theInstancesOfOneGroupOnOneNumberAreADoubtAndNoProblem() {
    String thrice = literal("one", 9001).replace("group \"g\" {", "group \"g\" {\ncount = 3");
    Desired desired =
        Resolver.resolve(
            Specs.snapshot("a.hcl", thrice), situation(Choices.NONE, Optional.empty()));

    assertThat(desired.problems()).isEmpty();
    assertThat(desired.warnings())
        .singleElement()
        .asString()
        .contains("is at port 9001, as is the application of service \"one\"")
        .contains("(instance 1) in a.hcl:");
  }

  @Test
  void aDynamicPortIsNoNumberOfAnApplication() {
    String dynamic = job("one", "port \"http\" {}", "");
    Situation shared = situation(Choices.NONE, Optional.empty());
    int given =
        Resolver.resolve(Specs.snapshot("a.hcl", dynamic), shared)
            .ports()
            .get(Resolver.resolve(Specs.snapshot("a.hcl", dynamic), shared).ports().firstKey());

    Desired both =
        Resolver.resolve(Specs.snapshot("a.hcl", dynamic, "b.hcl", literal("two", given)), shared);

    assertThat(both.problems()).isEmpty();
    assertThat(both.ports()).doesNotContainValue(given);
  }

  private static Situation beside(Foreign... foreign) {
    return at(new TreeSet<>(), new Observed(List.of(), List.of(), List.of(foreign)));
  }

  private static Desired beside(Foreign foreign, String spec) {
    return Resolver.resolve(Specs.snapshot("a.hcl", spec), beside(foreign));
  }

  @Test
  void aNumberThatAnotherServiceOfThisMachineIsRegisteredAtIsRefused() {
    String one = literal("one", 9001);

    for (String here : List.of("", "127.0.0.1", "10.0.0.1", "0.0.0.0", "localhost")) {
      assertThat(problems(beside(new Foreign("web-1", "web", 9001, here)), "a.hcl", one))
          .singleElement()
          .asString()
          .startsWith("a.hcl:")
          .contains("the application of service \"one\" is at port 9001")
          .contains("as is service \"web\" (web-1), which is not ours");
    }
    assertThat(problems(beside(new Foreign("web-1", "web", 9002)), "a.hcl", one)).isEmpty();
  }

  @Test
  void aNumberThatAServiceOfTheSameNameIsRegisteredAtIsADoubtForItMayBeTheApplicationItself() {
    Desired desired = beside(new Foreign("one-1", "one", 9001), literal("one", 9001));

    assertThat(desired.problems()).isEmpty();
    assertThat(desired.warnings())
        .anyMatch(each -> each.toString().contains("as is service \"one\" (one-1)"));
  }

  @Test
  void aStrangerWhoComesLaterIsADoubtForTheApplicationThatIsRegisteredAlready() {
    String spec = literal("one", 9001);
    Registration held =
        Resolver.resolve(Specs.snapshot("a.hcl", spec), situation(Choices.NONE, Optional.empty()))
            .workloads()
            .get(0)
            .registration()
            .asHeld();
    Observed both =
        new Observed(List.of(held), List.of(), List.of(new Foreign("web-1", "web", 9001)));

    Desired desired = Resolver.resolve(Specs.snapshot("a.hcl", spec), at(new TreeSet<>(), both));

    assertThat(desired.problems()).isEmpty();
    assertThat(desired.warnings())
        .anyMatch(each -> each.toString().contains("as is service \"web\" (web-1)"));
  }

  @Test
  void whatIsRegisteredAtAnAddressThatIsNotThisMachinesIsADoubt() {
    Foreign elsewhere = new Foreign("db-1", "db", 9001, "10.7.7.7");

    for (String spec : List.of(literal("one", 9001), fixed("one", 9001))) {
      Desired desired = beside(elsewhere, spec);

      assertThat(desired.problems()).isEmpty();
      assertThat(desired.warnings())
          .anyMatch(each -> each.toString().contains("as is service \"db\" (db-1)"));
    }
  }

  @Test
  void eachOfSeveralStrangersAtOnePortIsLookedAt() {
    Situation both =
        beside(new Foreign("db-1", "db", 9001, "10.7.7.7"), new Foreign("web-1", "web", 9001, ""));

    assertThat(problems(both, "a.hcl", literal("one", 9001))).hasSize(1);
    assertThat(problems(both, "a.hcl", fixed("one", 9001))).hasSize(1);
  }

  @Test
  void anEntryUnderAnIdOfOursIsInNobodysWayWhateverItsMarks() {
    String spec = fixed("one", 9090).replace("port = \"9000\"", "port = \"http\"");
    Registration ours =
        Resolver.resolve(Specs.snapshot("a.hcl", spec), situation(Choices.NONE, Optional.empty()))
            .workloads()
            .get(0)
            .registration();

    Desired desired = beside(new Foreign(ours.id().value(), "one", 9090), spec);

    assertThat(desired.problems()).isEmpty();
    assertThat(desired.warnings()).isEmpty();
  }

  @Test
  void twoInstancesOfOneGroupAreInEachOthersWay() {
    String twice =
        upstream("one", "local_bind_port = 8001")
            .replace("group \"g\" {", "group \"g\" {\ncount = 2");

    assertThat(problems(situation(Choices.NONE, Optional.empty()), "a.hcl", twice)).isNotEmpty();
    assertThat(problems(situation(OWN, Optional.empty()), "a.hcl", twice)).isEmpty();
  }

  @Test
  void aDynamicPortMovesOutOfTheWayOfAStaticOne() {
    String dynamic = job("one", "port \"http\" {}", "");
    String key =
        Resolver.resolve(
                Specs.snapshot("a.hcl", dynamic), situation(Choices.NONE, Optional.empty()))
            .ports()
            .firstKey();
    Situation remembering =
        new Situation(
            "default",
            Specs.NODE,
            20000,
            32000,
            new TreeSet<>(),
            new TreeMap<>(Map.of(key, 25000)),
            Choices.NONE,
            true,
            Optional.empty());

    Desired alone = Resolver.resolve(Specs.snapshot("a.hcl", dynamic), remembering);
    Desired both =
        Resolver.resolve(
            Specs.snapshot("a.hcl", dynamic, "b.hcl", fixed("two", 25000)), remembering);

    assertThat(alone.ports()).containsEntry(key, 25000);
    assertThat(both.problems()).isEmpty();
    assertThat(both.ports()).containsOnlyKeys(key).doesNotContainValue(25000);
  }

  @Test
  void aStaticPortForAProxyThatSomebodyListensOnIsNotFreeUnlessItIsOurs() {
    Desired before =
        Resolver.resolve(
            Specs.snapshot("a.hcl", edge(9090)), situation(Choices.NONE, Optional.empty()));
    Observed held =
        new Observed(
            List.of(before.workloads().get(0).registration().asHeld()), List.of(), List.of());
    SortedSet<Integer> listening = new TreeSet<>(List.of(9090));

    assertThat(problems(at(listening, Observed.NOTHING), "a.hcl", edge(9090)))
        .singleElement()
        .asString()
        .contains("the static port \"http\" is at 10.0.0.1:9090")
        .contains("something on this machine listens on");
    assertThat(problems(at(listening, held), "a.hcl", edge(9090))).isEmpty();
  }

  @Test
  void anApplicationMayListenOnItsStaticPortBeforeItIsRegistered() {
    SortedSet<Integer> listening = new TreeSet<>(List.of(9090));

    assertThat(problems(at(listening, Observed.NOTHING), "a.hcl", fixed("one", 9090))).isEmpty();
  }

  private static String edge(int port) {
    return job(
        "one",
        "port \"http\" { static = " + port + " }",
        "connect {\nsidecar_service {\nport = \"http\"\n}\n}");
  }

  @Test
  void aStaticPortThatSomebodyElseIsRegisteredAtIsNamedWithWhoHasIt() {
    Observed foreign =
        new Observed(List.of(), List.of(), List.of(new Foreign("web-1", "web", 9090)));

    assertThat(problems(at(new TreeSet<>(), foreign), "a.hcl", fixed("one", 9090)))
        .singleElement()
        .asString()
        .startsWith("a.hcl:")
        .contains("as is service \"web\" (web-1), which is not ours");
  }

  @Test
  void anUpstreamIsNotToListenWhereSomebodyDoesUnlessItsProxyMayBeIt() {
    String spec =
        job(
            "one",
            "",
            "connect {\nsidecar_service {\nproxy {\nupstreams {\ndestination_name = \"db\"\n"
                + "local_bind_port = 9090\n}\n}\n}\n}");
    Desired before =
        Resolver.resolve(Specs.snapshot("a.hcl", spec), situation(Choices.NONE, Optional.empty()));
    Observed held =
        new Observed(
            List.of(before.workloads().get(0).registration().asHeld()), List.of(), List.of());
    SortedSet<Integer> listening = new TreeSet<>(List.of(9090));

    assertThat(problems(at(listening, Observed.NOTHING), "a.hcl", spec))
        .singleElement()
        .asString()
        .contains("the upstream \"db\" is at 127.0.0.1:9090, which something on this machine");
    assertThat(problems(at(listening, held), "a.hcl", spec)).isEmpty();
  }

  private static Situation at(SortedSet<Integer> listening, Observed observed) {
    return situation(
        Choices.NONE,
        Optional.of(Surroundings.of(Optional.empty(), listening, observed, "default")));
  }

  @Test
  void aGroupWithANetworkOfItsOwnHasNoAddressThatIsKnown() {
    String inside =
        fixed("one", 9090).replace("port = \"9000\"", "port = \"http\"\naddress_mode = \"alloc\"");

    assertThat(problems(situation(OWN, Optional.empty()), "a.hcl", inside))
        .singleElement()
        .asString()
        .contains("needs a group with an address of its own");
    assertThat(problems(situation(Choices.NONE, Optional.empty()), "a.hcl", inside)).isEmpty();
  }
}
