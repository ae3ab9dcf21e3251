package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands at the top of a file. */
class FileProblemsTest {

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "x.hcl  | connect {}           | 1:1: expected a job block; found connect, which belongs in job > group > service",
      "x.hcl  | group \"g\" {}       | 1:1: expected a job block; found group, which belongs in job",
      "x.hcl  | sidecar_task {}      | 1:1: expected a job block; found sidecar_task, which belongs in job > group > service > connect",
      "x.hcl  | foo = 1              | 1:1: expected a job block; found \"foo\"",
      "x.hcl  | jobs \"a\" {}        | 1:1: expected a job block; found \"jobs\"; did you mean \"job\"?",
      "x.hcl  | job {}               | 1:1: a job needs a label: job \"NAME\" { … }",
      "x.hcl  | job \"a\" {}         | 1:1: group is required",
      "x.json | {\"service\": {}}    | 1:2: expected a job block; found service, which belongs in job > group",
      "x.json | {\"Connect\": {}}    | 1:1: expected a job; found Connect, which belongs in job > group > service",
      "x.json | {\"Connect\": {}, \"a\": 1} | 1:2: expected a job block; found \"Connect\"",
      "x.json | {}                   | 1:1: expected a job; the file is empty",
      "x.json | [1]                  | 1:2: expected an allocation as Nomad's API returns it, found 1",
      "x.json | 7                    | 1:1: expected a job, found 7",
      "x.json | {\"Job\": 7}         | 1:9: expected a job in Job, found 7",
      "x.json | {\"TaskGroups\": []} | 1:1: ID is required",
      "x.json | {\"ID\": \"a\"}      | 1:1: TaskGroups is required",
      "x.json | {\"job\": 1}         | 1:9: expected an object, found 1",
      "x.json | {\"locals\": {}}     | 1:2: only HCL has locals: in JSON and YAML every value is written out",
      "x.yaml | service: {}          | 1:1: expected a job block; found service, which belongs in job > group",
      "x.yaml | text                 | 1:1: expected a job, found \"text\"",
      "x.yaml | job: {a: {group: []}} | 1:7: group is required",
  })
  // spotless:on
  void whatIsNoJobIsToldWhereItBelongs(String file, String text, String problem) {
    assertThat(Texts.problems(file, text)).first().asString().isEqualTo(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.hcl", "x.json", "x.yaml"})
  void anEmptyFileIsAProblem(String file) {
    for (String text : new String[] {"", " \n", "\uFEFF"}) {
      assertThat(Texts.problems(file, text))
          .containsExactly("1:1: expected a job; the file is empty");
    }
  }

  @Test
  void aFragmentIsCheckedAllTheSame() {
    assertThat(Texts.problems("x.hcl", "connect {\n  sidecar_service { prt = \"a\" }\n}\n"))
        .containsExactly(
            "1:1: expected a job block; found connect, which belongs in job > group > service",
            "2:21: unknown key \"prt\" in sidecar_service; did you mean \"port\"?");
  }

  @Test
  void oneFileHoldsOneJob() {
    String job = "job \"%s\" {\ngroup \"g\" {}\n}\n";

    assertThat(Texts.problems("x.hcl", job.formatted("a") + job.formatted("b")))
        .containsExactly("4:1: one file holds one job; the first is at 1:1");
    assertThat(
            Texts.problems(
                "x.json",
                "{\"job\": {\"a\": {\"group\": {\"g\": {}}},\n \"b\": {\"group\": {\"g\": {}}}}}"))
        .containsExactly("2:2: one file holds one job; the first is at 1:10");
  }

  @Test
  void labelledBlocksMayBeListsToo() {
    String text =
        """
        job:
          j:
            group:
              - g: {count: 3}
              - h:
                  - count: 4
        """;

    assertThat(SpecParser.parse("x.yaml", text).jobs().get(0).groups())
        .extracting(group -> group.name() + group.count())
        .containsExactly("g3", "h4");
  }

  @Test
  void aBlockThatIsNullIsNotThereAndIsWarnedOf() {
    String text = "job: {j: {group: {g: {service: {connect: {sidecar_service: }}}}}}";

    assertThat(Texts.warnings("x.yaml", text))
        .containsExactly(
            "1:43: sidecar_service is null, so it is not there; an empty block is written {}");
  }

  @Test
  void aSingleBlockGivenTwiceInAListIsAProblem() {
    String text = "{\"job\":{\"j\":{\"group\":{\"g\":{\"service\":{\"connect\":[{},\n{}]}}}}}}";

    assertThat(Texts.problems("x.json", text))
        .containsExactly("2:1: connect may stand here once only; the first is at 1:50");
  }

  @Test
  void theKeyThatStandsForACommentIsOne() {
    String text = "{\"//\": 1, \"job\": {\"j\": {\"//\": \"x\", \"group\": {\"g\": {}}}}}";

    assertThat(Texts.problems("x.json", text)).isEmpty();
  }
}
