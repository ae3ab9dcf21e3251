package dev.connectbridge.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.hcl.HclBody.Block;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HclSeedsTest {

  @ParameterizedTest
  @CsvSource({
    "sidecar-service-1, job",
    "sidecar-service-2, connect",
    "sidecar-service-3, sidecar_service",
    "sidecar-task-1, job",
    "sidecar-task-2, sidecar_task"
  })
  void theExamplesOfTheDocumentsAreRead(String name, String type) throws IOException {
    HclDocument document = Hcl.parse(name, text(name));

    assertThat(document.problems()).isEmpty();
    assertThat(document.warnings()).isEmpty();
    assertThat(document.body().blocks()).extracting(Block::type).containsExactly(type);
  }

  @Test
  void theSidecarTaskOfTheExampleHasItsResources() throws IOException {
    HclBody task = Hcl.parse("f", text("sidecar-task-2")).body().blocks().get(0).body();

    assertThat(task.attributes().get(0).value().value()).isEqualTo(Read.words("5s"));
    HclBody resources = task.blocks().get(0).body();
    assertThat(resources.attributes().get(1).name()).isEqualTo("memory");
    assertThat(resources.attributes().get(1).value().value()).isEqualTo(Read.number("1024"));
  }

  static String text(String name) throws IOException {
    try (InputStream stream = HclSeedsTest.class.getResourceAsStream("/hcl/" + name + ".hcl")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
