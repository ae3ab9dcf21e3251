package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.GroupSpec;
import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.ServiceSpec;
import dev.connectbridge.spec.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Hcl2Test {
  private static final String EXAMPLE = Texts.resource("hcl2.nomad.hcl");

  private static JobSpec job(Assignments assignments) {
    Parsed parsed = SpecParser.parse("shop.hcl", EXAMPLE, assignments);
    assertThat(parsed.problems()).isEmpty();
    return parsed.jobs().get(0);
  }

  private static List<String> problems(String text, Assignments assignments) {
    return SpecParser.parse("x.hcl", text, assignments).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void aJobOfAllThatHcl2OffersIsRead() {
    JobSpec job = job(Assignments.NONE);

    assertThat(job.datacenters()).containsExactly("dc1");
    assertThat(job.meta())
        .containsEntry("owner", "Shop")
        .containsEntry("summary", "ports: admin http\n");
    GroupSpec group = job.groups().get(0);
    assertThat(group.count()).isEqualTo(1);
    assertThat(group.services())
        .extracting(ServiceSpec::name)
        .containsExactly("shop-api-admin", "shop-api-http");
    assertThat(group.services().get(1).tags())
        .containsExactly("admin=9090", "v1.0", "alloc-${NOMAD_ALLOC_INDEX}", "n1");
    assertThat(group.tasks().get(0).env())
        .isEqualTo(Map.of("ALLOC", "${NOMAD_ALLOC_ID}", "HOST", "${attr.unique.hostname}"));
    assertThat(group.tasks().get(0).config().get("image"))
        .isEqualTo(new Value.Text("shop/api:1.0"));
  }

  @Test
  void valuesFromFilesAndOptionsWinInTheirOrder() {
    Assignments file =
        Assignments.file(
            "a.hcl", "replicas = 3\ndebug = true\nupstreams = { db = 5000, mq = 6000 }\n");
    Assignments json = Assignments.file("b.json", "{\"replicas\": 4, \"owner\": \"ACME\"}");
    Assignments option = Assignments.option("datacenters=[\"a\", \"b\"]");

    JobSpec job = job(file.and(json).and(option));

    assertThat(job.datacenters()).containsExactly("a", "b");
    assertThat(job.groups().get(0).count()).isEqualTo(4);
    ServiceSpec http = job.groups().get(0).services().get(1);
    assertThat(http.name()).isEqualTo("acme-api-http");
    assertThat(job.groups().get(0).tasks().get(0).env())
        .containsEntry("HOST", "debug.${attr.unique.hostname}");
  }

  @Test
  void aProblemWithAGivenValueStandsInItsOwnFile() {
    Assignments file =
        Assignments.file("v.hcl", "\nimage = { name = \"x\", tga = \"y\" }\nreplica = 2\n");

    assertThat(SpecParser.parse("shop.hcl", EXAMPLE, file).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "v.hcl:2:9: this object lacks the key \"tag\" (the variable is a"
                + " object({name = string, tag = string})) (var.image)",
            "v.hcl:3:11: there is no variable \"replica\" in the job file;"
                + " did you mean \"replicas\"? (var.replica)");
  }

  @Test
  void aValidationThatFailsIsAProblemOfTheJobFile() {
    assertThat(SpecParser.parse("shop.hcl", EXAMPLE, Assignments.option("replicas=11")).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "shop.hcl:16:3: the value is not valid: One to ten replicas. (variable.replicas)");
  }

  @Test
  void whatABlockOfAnIteratorHoldsIsCheckedWhereItIsWritten() {
    String text = EXAMPLE.replace("local_bind_port  =", "local_bind_prt   =");

    assertThat(SpecParser.parse("x.hcl", text, Assignments.option("upstreams={db = 1}")).problems())
        .extracting(each -> each.place().line() + " " + each.message())
        .contains(
            "91 unknown key \"local_bind_prt\" in upstreams; did you mean \"local_bind_port\"?");
  }

  @Test
  void aFileOfValuesThatIsWrongSaysWhere() {
    assertThat(Assignments.file("v.hcl", "a = \nb {\n}\n").problems())
        .extracting(Problem::toString)
        .containsExactly(
            "v.hcl:1:5: expected a value, found the end of the line (a)",
            "v.hcl:2:1: expected NAME = VALUE, found a block");
    assertThat(Assignments.file("v.json", "[1]").problems())
        .extracting(Problem::toString)
        .containsExactly("v.json:1:1: expected an object of names and values");
    assertThat(Assignments.option("abc").problems())
        .extracting(Problem::toString)
        .containsExactly("--var:1:1: expected NAME=VALUE, found \"abc\"");
    assertThat(problems("job \"a\" {\ngroup \"g\" {}\n}\n", Assignments.option("=")))
        .containsExactly("--var:1:1: expected NAME=VALUE, found \"=\"");
  }

  @Test
  void jsonAndYamlHaveNoVariables() {
    assertThat(
            Texts.problems(
                "x.json", "{\"job\": {\"a\": {\"group\": {\"g\": {\"count\": \"${var.n}\"}}}}}"))
        .contains("1:41: only HCL has variables: found var.n here");
    assertThat(
            SpecParser.parse(
                    "x.json",
                    "{\"job\": {\"a\": {\"group\": {\"g\": {}}}}}",
                    Assignments.option("a=1"))
                .problems())
        .extracting(Problem::message)
        .containsExactly("no job file has a variable \"a\"");
  }

  @Test
  void jsonAndYamlAreDecoded() {
    String text =
        """
        job "a" {
          meta {
            x = jsondecode("{\\"k\\": [1]}").k[0]
            y = yamldecode("k: z")["k"]
          }
          group "g" {}
        }
        """;

    assertThat(SpecParser.parse("x.hcl", text).jobs().get(0).meta())
        .isEqualTo(Map.of("x", "1", "y", "z"));
    assertThat(problems(text.replace("[1]", "[1"), Assignments.NONE))
        .singleElement()
        .asString()
        .startsWith("x.hcl:3:20: jsondecode: this is not JSON");
  }

  @Test
  void theVariablesOfAFileAreKnownBeforeItIsRead() {
    assertThat(Assignments.declaredIn("x.hcl", EXAMPLE))
        .isEqualTo(Set.of("datacenters", "image", "replicas", "upstreams", "owner", "debug"));
    assertThat(Assignments.declaredIn("x.json", "{}")).isEmpty();
  }
}
