package dev.connectbridge.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
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

  @Test
  void lettersDigitsAndWhatElseAPlaceHasArePlain() {
    assertThat(Spelling.isPlain("a-Z_0.9", "._-")).isTrue();
    assertThat(Spelling.isPlain("a-Z_0.9", "_-")).isFalse();
    assertThat(Spelling.plain("a-Z_0.9", "_-", '+')).isEqualTo("a-Z_0+9");
  }

  @Test
  void whatIsNoAsciiIsOneCharacterHoweverItIsStored() {
    assertThat(Spelling.plain("n\u00e9\uD83D\uDE00x", "", '_')).isEqualTo("n__x");
  }

  @Property
  void whatIsPlainIsWhatAPatternWouldSay(
      @ForAll @StringLength(max = 12) @CharRange(from = '\0', to = '\u0200') String text) {
    assertThat(Spelling.isPlain(text, "._-")).isEqualTo(text.matches("(?s)[A-Za-z0-9._-]*"));
    assertThat(Spelling.plain(text, "_-", '-')).isEqualTo(text.replaceAll("[^A-Za-z0-9_-]", "-"));
  }
}
