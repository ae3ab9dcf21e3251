package dev.connectbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderCommandTest {
  private static final String SPECS = "src/test/resources/cli";
  private static final String COUNTDASH = "config/examples/countdash";

  @TempDir private Path temp;

  @Test
  void countdashAsText() {
    Typed typed = Typed.of("render", COUNTDASH);

    assertThat(typed.exit()).isZero();
    Golden.matches("render-countdash.txt", typed.out());
    assertThat(typed.err()).isEmpty();
  }

  @Test
  void countdashAsJson() {
    Typed typed = Typed.of("render", "--format", "json", COUNTDASH);

    assertThat(typed.exit()).isZero();
    Golden.matches("render-countdash.json", typed.out());
    assertThat(typed.err()).isEmpty();
  }

  @Test
  void whatIsOpenHasAPlaceholderWhereverItStands() {
    Typed typed = Typed.of("render", SPECS + "/open.nomad.hcl");

    assertThat(typed.exit()).isZero();
    Golden.matches("render-open.txt", typed.out());
  }

  @Test
  void whatIsOpenIsProvisionalInJson() {
    JsonNode file =
        Typed.of("render", "--format", "json", SPECS + "/open.nomad.hcl").json().at("/files/0");

    assertThat(file.path("provisional").asBoolean()).isTrue();
    assertThat(file.path("problems")).isEmpty();
    assertThat(file.at("/registrations/0/body/Port").asInt()).isBetween(20000, 32000);
    assertThat(file.at("/registrations/0/body/Address").asText()).isEqualTo("127.0.0.1");
  }

  @Test
  void whatIsFixedOnAKnownNodeIsNotProvisional() {
    JsonNode file =
        Typed.of(
                "render",
                "--format",
                "json",
                "--node",
                SPECS + "/node.json",
                SPECS + "/web.nomad.hcl")
            .json()
            .at("/files/0");

    assertThat(file.has("provisional")).isFalse();
    assertThat(file.at("/registrations").findValuesAsText("Address")).containsOnly("10.99.0.1");
  }

  @Test
  void anAllocationHasNothingProvisional() {
    String allocation = "src/test/resources/conformance/valid/c02-minimal/allocation.json";

    JsonNode file = Typed.of("render", "--format", "json", allocation).json().at("/files/0");

    assertThat(file.has("provisional")).isFalse();
    assertThat(file.path("registrations")).hasSize(1);
    assertThat(file.path("sidecar_tasks")).hasSize(1);
  }

  @Test
  void aFileWithAProblemIsListedAndTheOthersAreRendered() throws IOException {
    Files.copy(Path.of(SPECS, "broken.nomad.hcl"), temp.resolve("a.hcl"));
    Files.copy(Path.of(SPECS, "web.nomad.hcl"), temp.resolve("b.hcl"));

    Typed typed = Typed.of("render", "--format", "json", temp.toString());

    assertThat(typed.exit()).isEqualTo(1);
    JsonNode files = typed.json().path("files");
    assertThat(files.findValuesAsText("file"))
        .containsExactly(temp.resolve("a.hcl").toString(), temp.resolve("b.hcl").toString());
    assertThat(files.at("/0/registrations")).isEmpty();
    assertThat(files.at("/0/sidecar_tasks")).isEmpty();
    assertThat(files.at("/0/problems")).hasSize(2);
    assertThat(files.at("/0/problems/0/line").asInt()).isEqualTo(5);
    assertThat(files.at("/1/problems")).isEmpty();
    assertThat(files.at("/1/registrations")).hasSize(2);
  }

  @Test
  void inTextTheProblemsGoToStderr() {
    Typed typed = Typed.of("render", SPECS + "/broken.nomad.hcl");

    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.out()).isEqualTo("# " + SPECS + "/broken.nomad.hcl: 2 problems\n");
    assertThat(typed.err()).startsWith(SPECS + "/broken.nomad.hcl:5:5: error: ");
  }

  @Test
  void theSameIsPrintedEveryTime() {
    assertThat(Typed.of("render", SPECS + "/open.nomad.hcl"))
        .isEqualTo(Typed.of("render", SPECS + "/open.nomad.hcl"));
  }
}
