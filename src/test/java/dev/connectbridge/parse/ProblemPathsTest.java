package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A field that is missing, null where it is needed, unknown or in capitals: each by its path. */
class ProblemPathsTest {
  private static final String JOB =
      "{\"job\": {\"shop\": {\"group\": {\"api\": {\"service\": {\"name\": \"web\", %s}}}}}}";

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "\"check\": {}                       | service[0].check[0]                   | type is required",
      "\"check\": {\"type\": null}         | service[0].check[0]                   | type is required",
      "\"prot\": \"http\"                  | service[0].prot                       | unknown key \"prot\"",
      "\"Port\": \"http\"                  | service[0].Port                       | unknown key \"Port\"",
      "\"connect\": {\"Native\": true}     | service[0].connect.Native             | unknown key \"Native\"",
  })
  // spotless:on
  void theFieldIsNamedByItsPath(String field, String path, String message) {
    assertThat(SpecParser.parse("x.json", JOB.formatted(field)).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo("job.shop.group.api." + path);
              assertThat(problem.message()).contains(message);
            });
  }
}
