package dev.connectbridge.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.JobSpec;
import dev.connectbridge.spec.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was read from HCL, written as JSON and read again, is the same job. */
class RoundTripTest {
  private static final Path RESOURCES = Path.of("src/test/resources");

  static List<Path> specs() throws IOException {
    try (Stream<Path> files = Files.walk(RESOURCES)) {
      List<Path> specs =
          files
              .filter(file -> file.toString().endsWith(".nomad.hcl"))
              .filter(file -> !file.endsWith("broken.nomad.hcl"))
              .sorted()
              .toList();
      assertThat(specs).hasSizeGreaterThan(100);
      return specs;
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void theJobIsTheSameAfterwards(Path spec) throws IOException {
    for (JobSpec job : SpecParser.parse("job.hcl", Files.readString(spec, UTF_8)).jobs()) {
      String json = HclJson.of(job);

      Parsed again = SpecParser.parse("job.json", json);

      assertThat(again.problems()).as(json).isEmpty();
      assertThat(again.jobs())
          .usingRecursiveComparison()
          .ignoringFieldsOfTypes(Origin.class)
          .isEqualTo(List.of(job));
    }
  }
}
