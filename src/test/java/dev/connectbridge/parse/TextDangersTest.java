package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are broken, or are meant to break their reader. */
class TextDangersTest {
  private static final int MEGABYTE = 1 << 20;

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "x.json | {\"a\": 1,, \"b\": 2}   | 1:9: this is not JSON: \",\" was not expected here",
      "x.json | {\"a\": nope}           | 1:7: this is not JSON: \"n\" was not expected here",
      "x.json | {\"a\": NaN}            | 1:10: this is not JSON: a number must be finite",
      "x.json | {\"a\": [1, 2}          | 1:12: this is not JSON: \"}\" was not expected here",
      "x.json | {\"a\": 1e999999}       | 1:7: this number is beyond all use",
      "x.json | {\"a\": {}              | 1:9: this JSON ends too early: something that was opened is not closed",
      "x.json | {} {}                   | 1:4: more text after the end of the JSON value",
      "x.json | {\"a\": 1, \"a\": 2}    | 1:10: duplicate key \"a\"; the first is at 1:2",
      "x.yaml | {a: 1, a: 2}            | 1:8: duplicate key \"a\"; the first is at 1:2",
      "x.yaml | a: !!java.net.URL [x]   | 1:4: YAML tags (!) are not understood; put a text in quotes instead",
      "x.yaml | a: !thing x             | 1:4: YAML tags (!) are not understood; put a text in quotes instead",
      "x.yaml | a: .inf                 | 1:4: .inf is not a finite number",
      "x.yaml | a: *b                   | 1:4: no value before this one has the anchor \"&b\"",
      "x.yaml | a: &b [*b]              | 1:8: no value before this one has the anchor \"&b\"",
      "x.yaml | <<: {a: 1}              | 1:1: merge keys (<<) are not understood; write the keys out",
      "x.yaml | ? [a] : 1               | 1:3: a key must be a text",
      "x.yaml | a: b: c                 | 1:5: this is not YAML: \"key: value\" cannot begin here; check the indentation, and quote a text that holds a colon",
      "x.yaml | a: [1, 2                | 1:9: this YAML ends too early: something that was opened is not closed",
      "x.yaml | a: \"b                  | 1:6: this YAML ends too early: something that was opened is not closed",
      "x.yaml | a: 1e999999             | 1:4: this number is beyond all use",
  })
  // spotless:on
  void aBrokenTextIsNamedWhereItBreaks(String file, String text, String problem) {
    assertThat(Texts.problems(file, text)).singleElement().asString().startsWith(problem);
  }

  @Test
  void aTabCannotIndentYaml() {
    assertThat(Texts.problems("x.yaml", "a:\n\tb: 1\n"))
        .containsExactly("2:1: this is not YAML: a tab cannot indent, use spaces");
  }

  @Test
  void aSecondDocumentIsAProblem() {
    assertThat(Texts.problems("x.yaml", "job: {}\n---\njob: {}\n"))
        .containsExactly("2:1: a second YAML document; one file holds one document");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.hcl", "x.json", "x.yaml"})
  void aNulCharacterIsNamedWhereItStands(String file) {
    assertThat(Texts.problems(file, "a\nbc\0d"))
        .containsExactly("2:3: a NUL character: this is not a text");
  }

  @Test
  void aControlCharacterInYamlIsNamedWhereItStands() {
    assertThat(Texts.problems("x.yaml", "a: 1\nb: \u0007\n"))
        .containsExactly("2:4: this is not YAML: a control character");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rich.nomad.hcl", "rich.hcl.json", "rich.yaml"})
  void aByteOrderMarkAndWindowsLinesDoNoHarm(String name) {
    String text = "\uFEFF" + Texts.resource(name).replace("\n", "\r\n");

    assertThat(SpecParser.parse(name, text).jobs())
        .isEqualTo(SpecParser.parse(name, Texts.resource(name)).jobs());
    assertThat(Texts.warnings(name, text))
        .containsExactly("1:1: the file begins with a byte order mark; it is skipped");
  }

  @ParameterizedTest
  @CsvSource({"x.json,[", "x.json,{\"a\":", "x.yaml,[", "x.yaml,{a: ", "x.hcl,a {", "x.hcl,a = ["})
  void nestingHasAnEnd(String file, String open) {
    List<String> problems =
        assertTimeout(Duration.ofSeconds(5), () -> Texts.problems(file, open.repeat(MEGABYTE / 4)));

    assertThat(problems).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"x.json,[,]", "x.yaml,[,]"})
  void aHundredLevelsAreEnough(String file, String open, String close) {
    assertThat(Texts.problems(file, open.repeat(101) + close.repeat(101)))
        .containsExactly("1:101: nested too deeply: more than 100 levels of objects and lists");
    assertThat(TreeReader.json(file, open.repeat(100) + close.repeat(100)).problems()).isEmpty();
  }

  @Test
  void indentationIsNestingToo() {
    StringBuilder text = new StringBuilder();
    for (int level = 0; level < 200; level++) {
      text.append(" ".repeat(level)).append("a:\n");
    }

    assertThat(Texts.problems("x.yaml", text.toString()))
        .containsExactly("101:101: nested too deeply: more than 100 levels of objects and lists");
  }

  @Test
  void aliasesDoNotExplode() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 12; level++) {
      String alias = "*a" + (level - 1);
      bomb.append("a%d: &a%d [".formatted(level, level))
          .append(String.join(", ", Collections.nCopies(10, alias)))
          .append("]\n");
    }

    List<String> problems =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> Texts.problems("x.yaml", bomb.toString()));

    assertThat(problems)
        .singleElement()
        .asString()
        .endsWith("the aliases stand for more than 10000 values");
  }

  @Test
  void anAliasStandsForItsValue() {
    String text = "job: {j: {meta: &m {a: b}, group: {g: {meta: *m}}}}";

    assertThat(SpecParser.parse("x.yaml", text).jobs().get(0).groups().get(0).meta())
        .containsEntry("a", "b");
  }

  @Test
  void plainWordsOfYamlAreWhatTheyLookLike() {
    String text =
        """
        job:
          j:
            meta: {a: no, b: 1:30, c: 0600, d: 2026-11-20, e: "1", f: 1.50}
            group: {g: {}}
        """;

    assertThat(SpecParser.parse("x.yaml", text).jobs().get(0).meta())
        .hasToString("{a=no, b=1:30, c=0600, d=2026-11-20, e=1, f=1.5}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.hcl", "x.json", "x.yaml"})
  void aMegabyteOfGarbageIsRefusedAtOnce(String file) {
    Random random = new Random(7);
    StringBuilder noise = new StringBuilder();
    StringBuilder signs = new StringBuilder();
    String some = "{}[]\"':,-?&*!|>%@`=#\\ \n\tabc01$~<";
    for (int at = 0; at < MEGABYTE; at++) {
      noise.append((char) (32 + random.nextInt(0xD000)));
      signs.append(some.charAt(random.nextInt(some.length())));
    }
    for (String text :
        List.of(
            noise.toString(),
            signs.toString(),
            "a".repeat(MEGABYTE),
            "\"".repeat(MEGABYTE),
            "- ".repeat(MEGABYTE / 2),
            "a\n".repeat(MEGABYTE / 2),
            "9".repeat(MEGABYTE),
            "a: ".repeat(MEGABYTE / 3))) {
      List<String> problems =
          assertTimeout(Duration.ofSeconds(5), () -> Texts.problems(file, text));
      assertThat(problems).isNotEmpty();
    }
  }

  @Test
  void noProblemSpeaksOfTheLibrariesBehindIt() {
    for (String text :
        List.of("{\"a\":", "[}", "{\"a\" 1}", "'", "a: b: c", "a: [", "\t- b", "{\"\\x\":1}")) {
      for (String file : List.of("x.json", "x.yaml")) {
        assertThat(Texts.problems(file, text))
            .allSatisfy(
                problem ->
                    assertThat(problem)
                        .doesNotContainIgnoringCase("jackson")
                        .doesNotContain(
                            "fasterxml", "yaml.", "Exception", "reference chain", "Source"));
      }
    }
  }
}
