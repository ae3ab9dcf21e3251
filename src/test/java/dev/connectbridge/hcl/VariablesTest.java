package dev.connectbridge.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariablesTest {

  private static HclDocument parse(String text, String... options) {
    Variables variables = Variables.NONE;
    for (String option : options) {
      String[] sides = option.split("=", 2);
      variables = variables.and(Variables.option(sides[0], sides[1]));
    }
    return Hcl.parse("j", text, variables);
  }

  private static List<String> problems(String text, String... options) {
    return parse(text, options).problems().stream().map(Object::toString).toList();
  }

  private static String json(String text, String... options) {
    HclDocument document = parse(text, options);
    assertThat(document.problems()).isEmpty();
    return JsonText.of(
        document.body().attributes().stream()
            .filter(it -> it.name().equals("x"))
            .findFirst()
            .orElseThrow()
            .value()
            .value());
  }

  @Test
  void aVariableHasItsDefaultUnlessAValueIsGiven() {
    String text = "variable \"a\" {\n  default = \"b\"\n}\nx = var.a\n";

    assertThat(json(text)).isEqualTo("\"b\"");
    assertThat(json(text, "a=c")).isEqualTo("\"c\"");
    assertThat(json(text, "a=c", "a=")).isEqualTo("\"\"");
    assertThat(json("variables {\n  a = 1\n}\nx = var.a + 1\n", "a=2")).isEqualTo("3");
    assertThat(parse(text).body().blocks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "string               | 5          | \"5\"",
        "string               | [1]        | \"[1]\"",
        "number               | 5          | 5",
        "bool                 | true       | true",
        "list(string)         | [1, \"a\"] | [\"1\",\"a\"]",
        "set(number)          | [2, 1, 2]  | [1,2]",
        "map(bool)            | {a = true} | {\"a\":true}",
        "tuple([string, any]) | [1, 2]     | [\"1\",2]",
        "object({ a = number })| {a = \"1\", b = 2} | {\"a\":1}",
        "object({ a = number, b = optional(string) })| {a = 1} | {\"a\":1,\"b\":null}",
        "object({ a = optional(number, 5), b = optional(list(string), [\"x\"]) })| {} | {\"a\":5,\"b\":[\"x\"]}",
        "object({ a = optional(number, -5) })| {a = 1} | {\"a\":1}",
        "list(object({ a = optional(object({ b = optional(bool, true) }), {}) }))| [{}] | [{\"a\":{\"b\":true}}]",
        "any                  | x          | \"x\"",
        "list(any)            | [1, \"a\"] | [\"1\",\"a\"]",
        "list(string)         | null       | null",
      })
  void aTypeSaysHowAnOptionIsRead(String type, String option, String expected) {
    assertThat(json("variable \"a\" {\n  type = " + type + "\n}\nx = var.a", "a=" + option))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "number       | x     | expected a number, found \"x\" (the variable is a number)",
        "bool         | 1     | expected true or false, found the text \"1\" (the variable is a bool)",
        "list(string) | x     | this is no value: expected a value, found the bare name x: it needs quotes, \"x\" or \"${x}\" (the variable is a list(string))",
        "list(string) | [[]]  | expected a text as a string, found a list (the variable is a list(string))",
        "map(string)  | [1]   | expected map(string), found a list (the variable is a map(string))",
        "tuple([any]) | []    | expected a list of 1, tuple([any]), found a list (the variable is a tuple([any]))",
        "object({a=any}) | {} | this object lacks the key \"a\" (the variable is a object({a = any}))",
      })
  void anOptionOfAnotherTypeIsAProblem(String type, String option, String problem) {
    assertThat(problems("variable \"a\" {\n  type = " + type + "\n}\nx = var.a", "a=" + option))
        .singleElement()
        .asString()
        .startsWith("--var a:1:")
        .contains(problem);
  }

  @Test
  void anOptionIsOneValueAndNothingMore() {
    String text = "variable \"a\" {\n  type = list(any)\n}\n";

    assertThat(problems(text, "a=[1]\nb = [2]"))
        .singleElement()
        .asString()
        .startsWith("--var a:1:1: this is no value");
    assertThat(problems(text, "a=local.b")).hasSize(1);
    assertThat(problems(text, "a=")).hasSize(1);
  }

  @Test
  void aVariableWithoutAValueIsAProblemAtItsBlock() {
    assertThat(problems("\nvariable \"a\" {\n  type = string\n}\nx = var.a\n"))
        .containsExactly(
            "j:2:1: the variable \"a\" has no value: it needs a default, or --var a=VALUE"
                + " (variable.a)");
  }

  @Test
  void namesThatAreNotThereAreGuessed() {
    String text = "variable \"color\" {\n  default = 1\n}\nlocals {\n  big = 1\n}\n";

    assertThat(problems(text + "x = var.colour\n"))
        .containsExactly("j:7:5: there is no variable \"colour\"; did you mean \"color\"?");
    assertThat(problems(text + "x = \"a${local.bg}\"\n"))
        .containsExactly("j:7:9: there is no local \"bg\"; did you mean \"big\"?");
    assertThat(problems(text, "colr=1"))
        .containsExactly(
            "--var colr:1:1: there is no variable \"colr\" in the job file;"
                + " did you mean \"color\"? (var.colr)");
  }

  @Test
  void whatIsDeclaredWronglyIsAProblem() {
    assertThat(problems("variable \"a\" {\n  typ = string\n  default = 1\n}\n"))
        .containsExactly(
            "j:2:3: unknown key \"typ\" in variable; did you mean \"type\"? (variable.a)");
    assertThat(problems("variable {\n}\n"))
        .containsExactly("j:1:1: a variable needs one label: variable \"NAME\" { … } (variable)");
    assertThat(problems("variable \"a\" {\n  type = \"string\"\n  default = 1\n}\nx = var.a"))
        .containsExactly(
            "j:2:10: expected a type, such as string or list(string), without quotes (variable.a)");
    assertThat(problems("variable \"a\" {\n  default = var.b\n}\n"))
        .containsExactly(
            "j:2:13: nothing else is known here: the value of a variable is a constant"
                + " (variable.a)");
    assertThat(problems("variables {\n  a = 1\n}\nvariable \"a\" {\n  default = 1\n}\n"))
        .containsExactly(
            "j:4:10: the variable \"a\" is declared twice: first in line 2 (variable.a)");
    assertThat(problems("variable \"a\" {\n  type = number\n  default = \"x\"\n}\n"))
        .containsExactly("j:3:13: expected a number, found \"x\" (variable.a)");
    assertThat(problems("variables \"b\" {\n  c {\n  }\n}\n")).hasSize(2);
  }

  @Test
  void aValidationThatFailsSaysWhatItsAuthorWrote() {
    String text =
        """
        variable "n" {
          default = 1
          validation {
            condition     = var.n > 0 && var.n < 9
            error_message = "n is 1 to 8"
          }
        }
        """;

    assertThat(problems(text)).isEmpty();
    assertThat(problems(text, "n=12"))
        .containsExactly("j:3:3: the value is not valid: n is 1 to 8 (variable.n)");
    assertThat(problems("variable \"a\" {\n  default = 1\n  validation {\n  }\n}\n"))
        .containsExactly("j:3:3: a validation needs a condition (variable.a)");
  }

  @Test
  void localsStandInAnyOrderAndInSeveralBlocks() {
    String text =
        "locals {\n  a = \"${local.b}!\"\n}\nx = local.a\nlocals {\n  b = \"${JOB}\"\n}\n";

    assertThat(json(text)).isEqualTo("\"${JOB}!\"");
  }

  @Test
  void aCircleOfLocalsIsOneProblemThatNamesIt() {
    assertThat(
            problems("locals {\n  a = local.b\n  b = local.c + 1\n  c = local.b\n}\nx = local.a\n"))
        .containsExactly("j:4:7: this goes in a circle: local.b → local.c → local.b (locals)");
  }

  @Test
  void aLocalThatIsDefinedTwiceIsAProblem() {
    assertThat(problems("locals {\n  a = 1\n}\nlocals {\n  a = 2\n}\n"))
        .containsExactly("j:5:3: local.a is defined twice: first in line 2 (locals)");
  }

  @Test
  void aProblemInALocalIsToldOnce() {
    assertThat(problems("locals {\n  a = upper()\n}\nx = local.a\ny = [local.a]\n"))
        .containsExactly("j:2:7: upper takes 1 argument, found 0 (locals)");
  }

  @Test
  void aGivenValueStandsWhereItsVariableIsDeclared() {
    HclDocument document =
        parse("\nvariable \"a\" {\n  type = list(string)\n}\nx = var.a\n", "a=[\"b\"]");

    Node.Items items = (Node.Items) document.body().attributes().get(0).value();
    assertThat(items.place()).isEqualTo(Read.at(5, 5));
    assertThat(items.items().get(0).place()).isEqualTo(Read.at(2, 10));
  }

  @Test
  void theNamesThatAFileDeclaresAreKnownWithoutValues() {
    assertThat(Hcl.variables("variable \"b\" {\n}\nvariables {\n  a = 1\n}\njob \"x\" {\n"))
        .containsExactlyInAnyOrder("a", "b");
  }
}
