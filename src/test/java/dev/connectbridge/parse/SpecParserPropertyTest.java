package dev.connectbridge.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.Problem;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SpecParserPropertyTest {
  private static final String[] NAMES = {"x.hcl", "x.json", "x.yaml"};

  @Property(tries = 1000)
  void anyTextGivesJobsOrAProblemWithAPlace(@ForAll String text) {
    check(text);
  }

  @Property(tries = 1500)
  void anyTextOfTheSignsThatMatterDoesToo(@ForAll("signs") String text) {
    check(text);
  }

  @Property(tries = 1500)
  void aGoodTextThatWasDamagedDoesToo(@ForAll("damaged") String text) {
    check(text);
  }

  @Provide
  Arbitrary<String> signs() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "=",
            "\n",
            " ",
            "- ",
            "job",
            "group",
            "service",
            "connect",
            "port",
            "Job",
            "ID",
            "TaskGroups",
            "TaskGroup",
            "1",
            "1.5",
            "null",
            "true",
            "*a",
            "&a ",
            "!",
            "${",
            "<<E",
            "\\",
            "#",
            "\t",
            "\uFEFF",
            "\uD800",
            "\0",
            "'",
            "| ")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> damaged() {
    Arbitrary<String> good =
        Arbitraries.of(
                "rich.nomad.hcl", "rich.hcl.json", "rich.yaml", "rich.api.json", "allocation.json")
            .map(Texts::resource);
    Arbitrary<String> dirt =
        Arbitraries.of("", "{", "}", "\"", "[]", "{}", "null", "1.5", "-", ":", "\n", " = ", "\0");
    return Combinators.combine(
            good, Arbitraries.doubles().between(0, 1), Arbitraries.integers().between(0, 30), dirt)
        .as(SpecParserPropertyTest::damage);
  }

  private static String damage(String text, double where, int length, String dirt) {
    int at = (int) (where * text.length());
    return text.substring(0, at) + dirt + text.substring(Math.min(text.length(), at + length));
  }

  private static void check(String text) {
    for (String name : NAMES) {
      Parsed parsed = SpecParser.parse(name, text);

      boolean noAllocations = text.strip().matches("\\[\\s*]") && parsed.jobs().isEmpty();
      assertThat(parsed.jobs().isEmpty() && !noAllocations)
          .isNotEqualTo(parsed.problems().isEmpty());
      for (Problem problem : parsed.problems()) {
        assertThat(problem.file()).isEqualTo(name);
        assertThat(problem.place().line()).isPositive();
        assertThat(problem.place().column()).isPositive();
        assertThat(problem.message()).isNotBlank().doesNotContain("\n");
      }
    }
  }
}
