package dev.connectbridge.hcl;

import static dev.connectbridge.hcl.Read.at;
import static dev.connectbridge.hcl.Read.list;
import static dev.connectbridge.hcl.Read.node;
import static dev.connectbridge.hcl.Read.number;
import static dev.connectbridge.hcl.Read.problems;
import static dev.connectbridge.hcl.Read.value;
import static dev.connectbridge.hcl.Read.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HclValueTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1.5e3, 1500",
    "1E-2, 0.01",
    "01, 1",
    "-0, 0",
    "1+2*3, 7",
    "(1+2)*3, 9",
    "7/2, 3.5",
    "10%4, 2",
    "-10%4, -2",
    "1 - -1, 2",
    "10-3-2, 5",
    "5 -3, 2",
    "'\"5\"+1', 6",
    "0.1+0.2, 0.3"
  })
  void numbersAreComputedExactly(String written, String expected) {
    assertThat(value(written)).isEqualTo(number(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "!true, false",
    "!false && true || false, true",
    "1 < 2 == true, true",
    "1 == 1.0, true",
    "'\"1\" == 1', false",
    "[] == [], true",
    "null == null, true",
    "2 >= 2, true",
    "2 > 2, false",
    "1 <= 0, false",
    "1 != 2, true",
    "'true && \"true\"', true"
  })
  void conditionsHold(String written, boolean expected) {
    assertThat(value(written)).isEqualTo(new Value.Bool(expected));
  }

  @Test
  void aChoiceIsMadeAndItsOtherSideIsNotAsked() {
    assertThat(value("1 < 2 ? 3 : 4")).isEqualTo(number("3"));
    assertThat(value("false ? 1/0 : null")).isEqualTo(new Value.Nothing());
    assertThat(value("false ? 1 : true ? 2 : 3")).isEqualTo(number("2"));
    assertThat(value("true ? 1 : \"a\"")).isEqualTo(words("1"));
  }

  @Test
  void listsAndObjectsTakeCommasAndLines() {
    assertThat(value("[\n  1, # one\n  2,\n]")).isEqualTo(list(number("1"), number("2")));
    assertThat(value("{\n a = 1\n\n \"b c\" : 2,\n (\"d\") = 3, e = 4\n}"))
        .isEqualTo(
            new Value.Entries(
                Map.of("a", number("1"), "b c", number("2"), "d", number("3"), "e", number("4"))));
    assertThat(value("{1 = \"a\", true = \"b\"}"))
        .isEqualTo(new Value.Entries(Map.of("1", words("a"), "true", words("b"))));
  }

  @Test
  void aPartOfAConstantCanBeTaken() {
    assertThat(value("[1, [2, 3]][1][0]")).isEqualTo(number("2"));
    assertThat(value("{a = {b = 1}}.a[\"b\"]")).isEqualTo(number("1"));
    assertThat(value("[4].0")).isEqualTo(number("4"));
    assertThat(problems("x = [1][1]"))
        .containsExactly("1:8: this list has 1 item, none at this index");
    assertThat(problems("x = {a = 1}.b")).containsExactly("1:12: this object has no key \"b\"");
  }

  @Test
  void insideBracketsLinesDoNotMatterOutsideTheyDo() {
    assertThat(value("(1\n + 2\n)")).isEqualTo(number("3"));
    assertThat(problems("x = 1 +\n2\n"))
        .startsWith("1:8: expected a value, found the end of the line (x)");
    assertThat(problems("x = {\n a =\n 1\n}"))
        .containsExactly("2:5: expected a value, found the end of the line (x)");
  }

  @Test
  void aValueBeginsWhereItsExpressionDoes() {
    assertThat(node("x =  (1 + 2) * 3").place()).isEqualTo(at(1, 6));
    assertThat(node("x = true ? [1] : [2]").place()).isEqualTo(at(1, 5));
    assertThat(node("x = \"${[1]}\"").place()).isEqualTo(at(1, 5));
  }

  @Test
  void listsAndObjectsSayWhatIsMissing() {
    assertThat(problems("x = [1 2]"))
        .containsExactly("1:8: expected ',' or ']' in the list of line 1, found '2' (x)");
    assertThat(problems("x = {a = 1 b = 2}"))
        .containsExactly(
            "1:12: expected ',', '}' or the end of the line in the object, found \"b\" (x)");
    assertThat(problems("x = {a}"))
        .containsExactly("1:7: expected '=' or ':' after a key of the object, found '}' (x)");
    assertThat(problems("x = [1,\n"))
        .containsExactly(
            "1:5: this list is never closed: expected ']' before the end of the file (x)");
    assertThat(problems("\nx = {\n"))
        .containsExactly(
            "2:5: this object is never closed: expected '}' before the end of the file (x)");
    assertThat(problems("x = (1]"))
        .containsExactly("1:7: expected ')' to close the '(' of line 1, found ']' (x)");
  }

  @Test
  void aKeyThatStandsTwiceIsAProblem() {
    assertThat(problems("x = {\n  a = 1\n  \"a\" = 2\n}\n"))
        .containsExactly("3:3: the key \"a\" stands twice in this object: first in line 2");
    assertThat(problems("x = {a.b = 1}"))
        .containsExactly("1:6: expected a name or a quoted text as key, found a longer name");
  }

  @Test
  void whatCannotBeComputedIsAProblem() {
    assertThat(problems("x = 1/0")).containsExactly("1:7: a division by zero");
    assertThat(problems("x = 1 + \"a\"")).containsExactly("1:9: expected a number, found \"a\"");
    assertThat(problems("x = 1 + [2]")).containsExactly("1:9: expected a number, found a list");
    assertThat(problems("x = 1 ? 2 : 3"))
        .containsExactly("1:5: expected true or false, found the number 1");
    assertThat(problems("x = 1e999999999"))
        .containsExactly("1:5: this number is out of range: at most 400 digits (x)");
    assertThat(problems("x = 0x10"))
        .containsExactly(
            "1:5: expected a number, found \"0x10\" (numbers are decimal; texts stand in quotes) (x)");
  }

  @Test
  void aBareNameNeedsQuotes() {
    assertThat(problems("port = http"))
        .containsExactly(
            "1:8: expected a value, found the bare name http: it needs quotes,"
                + " \"http\" or \"${http}\"");
    assertThat(problems("x = node.datacenter"))
        .containsExactly(
            "1:5: expected a value, found the bare name node.datacenter:"
                + " it needs quotes, \"${…}\"");
  }

  @Test
  void aListWithSomethingWrongInItIsNotKnownAndAllOfThatIsTold() {
    HclDocument document = Hcl.parse("", "x = [1, f(), 2, g()]");

    assertThat(document.problems()).hasSize(2);
    assertThat(document.complete()).isTrue();
    assertThat(document.body().attributes().get(0).value())
        .isInstanceOfSatisfying(
            Node.Unknown.class,
            unknown -> assertThat(unknown.why()).isEqualTo(document.problems()));
    assertThat(Hcl.parse("", "x = [1, f()").complete()).isFalse();
  }
}
