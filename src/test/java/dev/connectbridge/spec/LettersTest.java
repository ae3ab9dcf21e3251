package dev.connectbridge.spec;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LettersTest {
  @Test
  void lettersDigitsAndTheOthersStay() {
    assertThat(Letters.only("a-Z_0.9", "._-")).isTrue();
    assertThat(Letters.only("a-Z_0.9", "_-")).isFalse();
    assertThat(Letters.only("", "")).isTrue();
    assertThat(Letters.only("a-Z_0.9", "_-", '+')).isEqualTo("a-Z_0+9");
  }

  @Test
  void whatIsNoAsciiIsOneCharacterHoweverItIsStored() {
    assertThat(Letters.only("né\uD83D\uDE00x", "", '_')).isEqualTo("n__x");
  }

  @Property
  void itIsWhatAPatternWouldSay(
      @ForAll @StringLength(max = 12) @CharRange(from = '\0', to = '\u0200') String text) {
    assertThat(Letters.only(text, "._-")).isEqualTo(text.matches("(?s)[A-Za-z0-9._-]*"));
    assertThat(Letters.only(text, "_-", '-')).isEqualTo(text.replaceAll("[^A-Za-z0-9_-]", "-"));
  }
}
