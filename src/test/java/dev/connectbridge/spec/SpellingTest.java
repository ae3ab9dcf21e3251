package dev.connectbridge.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  private static final List<String> NAMES =
      List.of("name", "port", "tags", "local_bind_port", "local_bind_address", "upstreams");

  // spotless:off
  @ParameterizedTest
  @CsvSource({
      "nmae, name", "prot, port", "tag, tags", "Port, port", "local_bindport, local_bind_port",
      "upstream, upstreams", "upstraem, upstreams",
  })
  // spotless:on
  void aNearNameIsFound(String written, String meant) {
    assertThat(Spelling.nearest(written, NAMES)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"x", "foo", "pxxt", "downstreams_of"})
  void aFarNameIsNot(String written) {
    assertThat(Spelling.nearest(written, NAMES)).isEmpty();
  }

  @Test
  void aQuoteStaysOnItsLine() {
    assertThat(Spelling.quoted("a\nb\u0007")).isEqualTo("\"a\\nb\\u0007\"");
    assertThat(Spelling.quoted("a".repeat(100))).hasSize(63).endsWith("…\"");
  }

  @Test
  void theApisNamesAreThoseOfHclInGosSpelling() {
    assertThat(Spelling.camel("local_bind_port")).isEqualTo("LocalBindPort");
  }
}
