package dev.connectbridge.hcl;

import static dev.connectbridge.hcl.Read.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Block;
import dev.connectbridge.spec.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HclRecoveryTest {

  @Test
  void oneFaultDoesNotHideTheNext() {
    HclDocument document =
        Hcl.parse("", "a {\n  x = \n  y = [1 2,\n 3]\n  z = 1\n  u {\n    v = )\n  }\n}\nb = 2\n");

    assertThat(document.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "2:7: expected a value, found the end of the line (a.x)",
            "3:10: expected ',' or ']' in the list of line 3, found '2' (a.y)",
            "7:9: expected a value, found ')' (a.u.v)");
    assertThat(document.body().attributes()).extracting(Attribute::name).containsExactly("b");
    Block a = document.body().blocks().get(0);
    assertThat(a.body().attributes())
        .filteredOn(each -> !(each.value() instanceof Node.Lost))
        .extracting(Attribute::name)
        .containsExactly("z");
    assertThat(a.body().blocks()).hasSize(1);
  }

  @Test
  void aNameThatHoldsALineBreakIsSaidOnOneLine() {
    assertThat(problems("\"a\\nb\""))
        .containsExactly(
            "1:7: expected '=' after the quoted name \"a b\", found the end of the file");
  }

  @Test
  void bracesInTextsCommentsAndHeredocsOfABrokenStatementAreNotCounted() {
    assertThat(problems("x = [1 2, \"{\", # {\n /* { */ <<A\n{[(\nA\n]\ny = )\n"))
        .containsExactly(
            "1:8: expected ',' or ']' in the list of line 1, found '2' (x)",
            "6:5: expected a value, found ')' (y)");
  }

  @Test
  void aListThatIsNotClosedEndsWithTheBodyAroundIt() {
    assertThat(problems("a {\n  x = [1, 2\n}\nb = )\n"))
        .containsExactly(
            "3:1: expected ',' or ']' in the list of line 2, found '}' (a.x)",
            "4:5: expected a value, found ')' (b)");
  }

  @Test
  void aBlockThatIsNeverClosedIsOneProblemWhereItOpens() {
    assertThat(problems("job \"a\" {\n  group \"b\" {\n  x = 1\n"))
        .containsExactly(
            "2:3: this block is never closed: expected '}' before the end of the file"
                + " (job.a.group.b)");
    assertThat(problems("job \"a\" {\n  group \"b\" {\n  }\n"))
        .containsExactly(
            "1:1: this block is never closed: expected '}' before the end of the file (job.a)");
  }

  @Test
  void aBraceTooManyClosesNothing() {
    assertThat(problems("a {\n}\n}\nb = )\n"))
        .containsExactly(
            "3:1: this '}' closes nothing: expected a block or attribute",
            "4:5: expected a value, found ')' (b)");
  }

  @Test
  void afterAThousandProblemsTheRestIsNotRead() {
    assertThat(problems("a = )\n".repeat(2000)))
        .hasSize(1001)
        .last()
        .isEqualTo("1000:5: too many problems: the rest is not read (a)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a {\n", "x=[", "x={a=", "x=(", "x=!", "x=\"${", "x=f(", "x=1?2:", "x=a["})
  void nestingTooDeeplyIsOneProblem(String opening) {
    String head = opening.startsWith("x=") ? "x=" : "";
    String text = head + opening.substring(head.length()).repeat(100_000);

    assertThat(problems(text))
        .singleElement()
        .asString()
        .contains("nested too deeply: at most 100 levels are read");
  }

  @Test
  void ninetyNestedListsAreNotTooDeep() {
    assertThat(problems("x=" + "[".repeat(90) + "]".repeat(90))).isEmpty();
  }

  @Test
  void aLongChainIsNotDeep() {
    assertThat(problems("x=" + "1+".repeat(100_000) + "1")).isEmpty();
    assertThat(problems("x=\"${a" + ".b".repeat(100_000) + "}\"")).isEmpty();
  }

  @Test
  void controlCharactersAreReportedOncePerKind() {
    assertThat(problems("a = 1\0\0\nb = \"\0\u0007\"\nc\r= 2\n"))
        .containsExactly(
            "1:6: a NUL byte: expected text; is this a binary file?",
            "2:7: the control character U+0007: expected text",
            "3:2: a carriage return alone: expected lines that end in LF or CR LF");
  }

  @Test
  void quotesOfOtherKindsAreCalledByTheirName() {
    assertThat(problems("x = 'a'"))
        .containsExactly(
            "1:5: expected a value, found a single quote (texts stand in double quotes) (x)");
    assertThat(problems("x = “a”"))
        .containsExactly(
            "1:5: expected a value, found a typographic quote"
                + " (texts stand in plain double quotes) (x)");
    assertThat(problems("x =\u00a01"))
        .containsExactly("1:4: expected a value, found the character U+00A0 (x)");
  }

  @Test
  void aProblemNamesItsFileAndTheBlocksAroundIt() {
    assertThat(Hcl.parse("f.hcl", "job \"a\" {\n  x = y\n}\n").problems().get(0).toString())
        .startsWith("f.hcl:2:7: ")
        .endsWith(" (job.a)");
  }
}
