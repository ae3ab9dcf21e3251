package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the author of an HCL file is told, and where. */
class HclProblemsTest {

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "tag = []                              | 4:1: unknown key \"tag\" in service; did you mean \"tags\"?",
      "foo = 1                               | 4:1: unknown key \"foo\" in service",
      "conect {}                             | 4:1: unknown block \"conect\" in service; did you mean \"connect\"?",
      "sidecar_service {}                    | 4:1: unknown block \"sidecar_service\" in service; it belongs in job > group > service > connect",
      "tags = \"a\"                          | 4:8: expected a list of texts, found \"a\"; write [\"a\"]",
      "tags = [[1]]                          | 4:9: expected a list of texts, found a list",
      "name = [1]                            | 4:8: expected a text, found a list",
      "enable_tag_override = 1               | 4:23: expected true or false, found 1",
      "address_mode = \"hots\"               | 4:16: expected one of auto, host, alloc, alloc_ipv6, found \"hots\"; did you mean \"host\"?",
      "on_update = \"never\"                 | 4:13: expected one of require_healthy, ignore_warnings, ignore, found \"never\"",
      "connect = {}                          | 4:1: connect is a block: write connect { … } without the =",
      "port {}                               | 4:1: port is a value, not a block: port = …",
      "connect \"x\" {}                      | 4:9: connect takes no label",
      "meta \"x\" {}                         | 4:6: meta takes no label",
      "check {}                              | 4:1: type is required",
      "check { type = \"htp\" }              | 5:8: expected one of http, tcp, grpc, script, found \"htp\"; did you mean \"http\"?",
      "connect { sidecar_task { lifecycle {} } } | 6:1: unknown block \"lifecycle\" in sidecar_task; it belongs in job > group > task",
  })
  // spotless:on
  void aFaultInAServiceIsNamedWhereItStands(String line, String problem) {
    assertThat(Texts.problems("x.hcl", Texts.service(line))).containsExactly(problem);
  }

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "cluster = \"other\"                   | 4:1: cluster is not supported yet",
      "provider = \"nomad\"                  | 4:12: provider nomad is not supported yet",
      "address_mode = \"driver\"             | 4:16: address_mode driver is not supported yet",
  })
  // spotless:on
  void whatComesLaterIsRefusedAndNeverDropped(String line, String problem) {
    assertThat(Texts.problems("x.hcl", Texts.service(line))).containsExactly(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect { native = false }",
        "canary_tags = []",
        "provider = \"consul\"",
        "cluster = \"default\"",
        "weights { passing = 1\n warning = 1 }",
        "connect { sidecar_task { resources { memory_max = 0 } } }"
      })
  void whatComesLaterIsAcceptedWhereItSaysNothing(String line) {
    assertThat(Texts.problems("x.hcl", Texts.service(line))).isEmpty();
  }

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "shutdown_delay = 5        | 3:18: the bare number 5 would mean nanoseconds to Nomad; write a span of time with its unit, such as \"5s\"",
      "shutdown_delay = \"5\"    | 3:18: the span of time \"5\" has no unit; write one of ns, us, ms, s, m, h behind it",
      "shutdown_delay = \"5d\"   | 3:18: expected a span of time such as \"5s\" or \"1m30s\", found \"5d\"",
      "shutdown_delay = true     | 3:18: expected a span of time such as \"5s\" or \"1m30s\", found true",
      "count = 1.5               | 3:9: expected a whole number, found 1.5",
      "count = \"many\"          | 3:9: expected a whole number, found \"many\"",
      "count = 99999999999       | 3:9: expected a whole number, found 99999999999",
      "task {}                   | 3:1: a task needs a label: task \"NAME\" { … }",
      "task \"a\" \"b\" {}       | 3:10: task takes one label only",
      "meta = 3                  | 3:8: expected a map of names and values, found 3",
      "network { port \"x\" { static = \"a\" } } | 5:10: expected a whole number, found \"a\"",
  })
  // spotless:on
  void aFaultInAGroupIsNamedWhereItStands(String line, String problem) {
    assertThat(Texts.problems("x.hcl", Texts.group(line))).containsExactly(problem);
  }

  @Test
  void allFaultsAreToldAtOnceInTheOrderOfTheText() {
    assertThat(
            Texts.problems(
                "x.hcl",
                Texts.service(
                    "foo = 1", "connect {", "sidecar_service { prt = 1 }", "}", "bar = 2")))
        .containsExactly(
            "4:1: unknown key \"foo\" in service",
            "7:1: unknown key \"prt\" in sidecar_service; did you mean \"port\"?",
            "10:1: unknown key \"bar\" in service");
  }

  @Test
  void aSingleBlockWrittenTwiceNamesTheFirst() {
    assertThat(Texts.problems("x.hcl", Texts.service("connect {}", "", "  connect {}")))
        .containsExactly("6:3: connect may stand here once only; the first is at 4:1");
    assertThat(
            Texts.problems(
                "x.hcl", Texts.service("connect { sidecar_task {", "env {}", "env {}", "} }")))
        .containsExactly("7:1: env may stand here once only; the first is at 6:1");
  }

  @Test
  void networksMayRepeatHere() {
    assertThat(Texts.problems("x.hcl", Texts.group("network {}", "network {}"))).isEmpty();
  }

  @Test
  void aMapWrittenAsAnAttributeIsAcceptedWithAWarning() {
    String text = Texts.service("connect { sidecar_task { env = { A = 1 } } }", "meta = {}");

    assertThat(Texts.problems("x.hcl", text)).isEmpty();
    assertThat(Texts.warnings("x.hcl", text))
        .containsExactly(
            "6:1: Nomad wants a block here: write env { … } without the =",
            "11:1: Nomad wants a block here: write meta { … } without the =");
  }

  @Test
  void metaOfAJobAndEnvOfATaskMayBeEither() {
    String text = Texts.group("meta = {}", "task \"t\" {", "env = { A = 1 }", "meta = {}", "}");

    assertThat(Texts.problems("x.hcl", text)).isEmpty();
    assertThat(Texts.warnings("x.hcl", text)).isEmpty();
  }

  @Test
  void onlyAGroupsServiceHasConnect() {
    String text =
        Texts.group(
            "task \"t\" {",
            "service {",
            "whatever = 1",
            "connect { sidecar_service {} }",
            "}",
            "}");

    assertThat(Texts.problems("x.hcl", text))
        .containsExactly("6:1: connect belongs in a group's service, not in a task's");
  }

  @Test
  void notesAreCountedThoughTheyAreNeverSent() {
    String check = "check { type = \"tcp\"\n notes = \"%s\" }";

    assertThat(Texts.problems("x.hcl", Texts.service(check.formatted("n".repeat(255))))).isEmpty();
    assertThat(Texts.problems("x.hcl", Texts.service(check.formatted("n".repeat(256)))))
        .containsExactly("6:2: longer than 255 characters: 256");
  }

  @Test
  void checkRestartIsValidatedThoughItIsNeverSent() {
    String check = "check {\n type = \"tcp\"\n on_update = \"%s\"\n check_restart {\n %s\n }\n }";

    assertThat(Texts.problems("x.hcl", Texts.service(check.formatted("", "limit = -1"))))
        .containsExactly("8:2: must not be negative");
    assertThat(Texts.problems("x.hcl", Texts.service(check.formatted("", "grace = \"-1s\""))))
        .containsExactly("8:2: must not be negative");
    assertThat(Texts.problems("x.hcl", Texts.service(check.formatted("ignore", "limit = 1"))))
        .containsExactly("6:2: on_update ignore does not go with check_restart");
    assertThat(
            Texts.problems("x.hcl", Texts.service(check.formatted("ignore_warnings", "limit = 1"))))
        .containsExactly(
            "6:2: on_update ignore_warnings does not go with check_restart"
                + " unless it has ignore_warnings = true");
    assertThat(
            Texts.problems(
                "x.hcl",
                Texts.service(check.formatted("ignore_warnings", "ignore_warnings = true"))))
        .isEmpty();
  }

  @Test
  void aProblemKnowsItsPath() {
    assertThat(
            SpecParser.parse("dir/x.hcl", Texts.service("connect { sidecar_service { a = 1 } }"))
                .problems())
        .singleElement()
        .hasToString(
            "dir/x.hcl:6:1: unknown key \"a\" in sidecar_service"
                + " (job.j.group.g.service[0].connect.sidecar_service.a)");
  }

  @Test
  void whatCannotBeReadHasThePathOfItsValueAndTheNumberOfItsBlock() {
    String text =
        """
        job "j" {
          group "g" {
            service {
              name = "a"
            }
            service {
              name = "b"
              name = "c"
              tags = ["\\q"]
              meta {
                "x" = "1"
              }
              check {
                type =
              }
            }
          }
        }
        """;

    Parsed parsed = SpecParser.parse("x.hcl", text);

    assertThat(parsed.problems())
        .extracting(Problem::path)
        .containsExactly(
            "job.j.group.g.service[1].name",
            "job.j.group.g.service[1].tags",
            "job.j.group.g.service[1].check[0].type");
    assertThat(parsed.warnings())
        .extracting(Problem::path)
        .containsExactly("job.j.group.g.service[1].meta");
  }
}
