package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
  private static final String SPECS = "src/test/resources/cli";

  @TempDir private Path temp;

  @Test
  void whatIsWrongIsALineEach() {
    Typed typed = Typed.of("validate", SPECS + "/broken.nomad.hcl", "/nowhere");

    assertThat(typed.exit()).isEqualTo(1);
    Golden.matches("validate.txt", typed.out());
    assertThat(typed.err()).isEmpty();
  }

  @Test
  void theSameAsJson() {
    Typed typed = Typed.of("validate", "--format", "json", SPECS + "/broken.nomad.hcl", "/nowhere");

    assertThat(typed.exit()).isEqualTo(1);
    Golden.matches("validate.json", typed.out());
    assertThat(typed.err()).isEmpty();
  }

  @Test
  void theSameAsSarif() {
    Typed typed =
        Typed.of(
            "validate",
            "--format",
            "sarif",
            SPECS + "/broken.nomad.hcl",
            SPECS + "/open.nomad.hcl",
            "/no where");

    assertThat(typed.exit()).isEqualTo(1);
    String version = typed.json().at("/runs/0/tool/driver/version").asText();
    Golden.matches("validate.sarif", typed.out().replace("\"" + version + "\"", "\"VERSION\""));
    assertThat(version).isEqualTo(Commands.version());
    assertThat(typed.err()).isEmpty();
  }

  @Test
  void variablesHaveTheValuesOfTheCommandLineAndOfFiles() throws IOException {
    Path spec = temp.resolve("shop.nomad.hcl");
    String job =
        """
        variable "name" {}
        job "shop" {
          group "g" {
            service {
              name = var.name
              port = "80"
            }
          }
        }
        """;
    Files.writeString(spec, job);
    Path values = Files.writeString(temp.resolve("values.hcl"), "name = \"cart\"\n");

    Typed none = Typed.of("validate", spec.toString());
    Typed file = Typed.of("render", "--var-file", values.toString(), spec.toString());
    Typed both =
        Typed.of("render", "--var-file", values.toString(), "--var", "name=till", spec.toString());

    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.out()).contains(spec + ":1:1: error:").contains("name");
    assertThat(file.out()).contains("\"Name\": \"cart\"");
    assertThat(both.out()).contains("\"Name\": \"till\"");
  }

  @Test
  void onlyValidateKnowsSarif() {
    assertThat(Typed.of("version", "--format", "sarif").exit()).isEqualTo(64);
  }

  @Test
  void whatIsOpenWithoutAnAgentIsNoProblem() {
    Typed typed = Typed.of("validate", SPECS + "/open.nomad.hcl", SPECS + "/web.nomad.hcl");

    assertThat(typed.exit()).isZero();
    assertThat(typed.out()).endsWith("2 files, 0 problems, 2 warnings\n");
  }

  @Test
  void aJobOfAnotherDatacenterIsAWarning() {
    Typed typed =
        Typed.of("validate", "--node", SPECS + "/node.json", SPECS + "/elsewhere.nomad.hcl");

    assertThat(typed.exit()).isZero();
    assertThat(typed.out())
        .isEqualTo(
            """
            %s/elsewhere.nomad.hcl:2:3: warning: the job runs in dc9, this node is in dc1: skipped\
             (job.elsewhere.datacenters)
            1 file, 0 problems, 1 warning
            """
                .formatted(SPECS));
  }

  @Test
  void onlyTogetherTwoFilesCanDefineTheSame() throws IOException {
    Files.copy(Path.of(SPECS, "web.nomad.hcl"), temp.resolve("one.hcl"));
    Files.copy(Path.of(SPECS, "web.nomad.hcl"), temp.resolve("two.hcl"));

    Typed alone = Typed.of("validate", temp.toString());
    Typed together = Typed.of("validate", "--together", temp.toString());

    assertThat(alone.exit()).isZero();
    assertThat(alone.out()).endsWith("2 files, 0 problems, 2 warnings\n");
    assertThat(together.exit()).isEqualTo(1);
    assertThat(together.out().replace(temp + "/", "D/"))
        .contains(
            """
            D/one.hcl:4:3: error: job "web" group "front" is defined twice: also in D/two.hcl:4\
             (job.web.group.front)
            """,
            """
            D/two.hcl:4:3: error: job "web" group "front" is defined twice: also in D/one.hcl:4\
             (job.web.group.front)
            """)
        .endsWith("2 files, 2 problems, 2 warnings\n");
  }
}
