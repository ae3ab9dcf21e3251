package dev.connectbridge.hcl;

import static dev.connectbridge.hcl.Read.at;
import static dev.connectbridge.hcl.Read.body;
import static dev.connectbridge.hcl.Read.problems;
import static dev.connectbridge.hcl.Read.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.hcl.HclBody.Block;
import dev.connectbridge.hcl.HclBody.Label;
import org.junit.jupiter.api.Test;

class HclBodyTest {

  @Test
  void everythingKnowsWhereItStands() {
    HclBody body = body("job \"a\" b {\n  name = [1,\n    {k = true}]\n}\n");

    Block job = body.blocks().get(0);
    Attribute name = job.body().attributes().get(0);
    Node.Items items = (Node.Items) name.value();
    Node.Entries entries = (Node.Entries) items.items().get(1);
    assertThat(body.place()).isEqualTo(at(1, 1));
    assertThat(job.place()).isEqualTo(at(1, 1));
    assertThat(job.labels()).containsExactly(new Label("a", at(1, 5)), new Label("b", at(1, 9)));
    assertThat(job.body().place()).isEqualTo(at(1, 12));
    assertThat(name.place()).isEqualTo(at(2, 3));
    assertThat(items.place()).isEqualTo(at(2, 10));
    assertThat(items.items().get(0).place()).isEqualTo(at(2, 11));
    assertThat(entries.place()).isEqualTo(at(3, 5));
    assertThat(entries.members().get("k").key()).isEqualTo(at(3, 6));
    assertThat(entries.members().get("k").node().place()).isEqualTo(at(3, 10));
  }

  @Test
  void columnsCountCharactersAndATabIsOne() {
    HclBody body = body("\té = \"😀é\" /* 😀 */\na = [\"😀\", 1]\n");

    assertThat(body.attributes().get(0).place()).isEqualTo(at(1, 2));
    assertThat(body.attributes().get(0).value().place()).isEqualTo(at(1, 6));
    Node.Items items = (Node.Items) body.attributes().get(1).value();
    assertThat(items.items().get(1).place()).isEqualTo(at(2, 11));
  }

  @Test
  void aByteOrderMarkAndCarriageReturnsDoNotShiftPlaces() {
    HclBody body = body("\uFEFFa = 1\r\nb {\r\n  c = 2\r\n}\r\n");

    assertThat(body.attributes().get(0).place()).isEqualTo(at(1, 1));
    assertThat(body.blocks().get(0).body().attributes().get(0).place()).isEqualTo(at(3, 3));
  }

  @Test
  void blocksRepeatAndKeepTheirOrder() {
    HclBody body = body("a {\n}\nb \"x\" {\n}\na {\n}\n");

    assertThat(body.blocks()).extracting(Block::type).containsExactly("a", "b", "a");
  }

  @Test
  void commentsMayStandWhereverBlanksMay() {
    HclBody body = body("# a\n// b\n/* c\n d */ a = /* e */ 1 # f\nb /* g */ { // h\n}\n# end");

    assertThat(body.attributes()).extracting(Attribute::name).containsExactly("a");
    assertThat(body.blocks()).extracting(Block::type).containsExactly("b");
  }

  @Test
  void anEmptyTextIsAnEmptyBody() {
    assertThat(body("").attributes()).isEmpty();
    assertThat(body("\n\n# only a comment").blocks()).isEmpty();
  }

  @Test
  void aBlockOnOneLineHoldsOneAttribute() {
    assertThat(body("a { b = 1 }\nc {}\n").blocks().get(0).body().attributes()).hasSize(1);
    assertThat(problems("a { b = 1, c = 2 }"))
        .containsExactly(
            "1:10: expected '}' after the one attribute of a block on one line, found ',' (a.b)");
    assertThat(problems("a { b {} }"))
        .containsExactly(
            "1:5: a block on one line holds one attribute and no block:"
                + " expected it on lines of its own (a.b)");
    assertThat(problems("a { b = 1\n}\nc = 1"))
        .containsExactly(
            "1:10: expected '}' after the one attribute of a block on one line,"
                + " found the end of the line (a.b)");
  }

  @Test
  void everyAttributeAndBlockEndsItsLine() {
    assertThat(problems("a = 1 b = 2"))
        .containsExactly("1:7: expected the end of the line, found \"b\" (a)");
    assertThat(problems("a {} b {}"))
        .containsExactly("1:6: expected the end of the line, found \"b\" (a)");
    assertThat(problems("a {\n b = 1 }"))
        .containsExactly("2:8: expected the end of the line, found '}' (a.b)");
    assertThat(problems("a = 1,\n"))
        .containsExactly("1:6: expected the end of the line, found ',' (a)");
  }

  @Test
  void aBraceInTheNextLineIsAProblemButOpensTheBlock() {
    HclDocument document = Hcl.parse("", "a \"b\"\n{\n  c = 1\n}\n");

    assertThat(document.problems())
        .extracting(Object::toString)
        .containsExactly("2:1: this '{' must stand in the line of its block's name");
    assertThat(document.body().blocks().get(0).body().attributes()).hasSize(1);
  }

  @Test
  void aNameAloneSaysWhatWasExpected() {
    assertThat(problems("a {\n  foo }\n"))
        .startsWith("2:7: expected '=' or '{' after the name \"foo\", found '}' (a.foo)");
    assertThat(problems("foo\n"))
        .containsExactly(
            "1:4: expected '=' or '{' after the name \"foo\", found the end of the line (foo)");
    assertThat(problems("foo == 1")).hasSize(1);
    assertThat(problems("foo \"l\" = 1"))
        .containsExactly("1:9: expected '{' after the labels of \"foo\", found '=' (foo)");
    assertThat(problems("1x = 1"))
        .containsExactly("1:1: expected the name of an attribute or block, found '1'");
  }

  @Test
  void theSecondAttributeOfANameIsAProblemThatNamesTheFirst() {
    HclDocument document = Hcl.parse("", "a {\n  x = 1\n  x = 2\n}\n");

    assertThat(document.problems())
        .extracting(Object::toString)
        .containsExactly("3:3: \"x\" is set twice in this block: first in line 2, column 3 (a.x)");
    assertThat(document.body().blocks().get(0).body().attributes()).hasSize(1);
  }

  @Test
  void anAttributeAndABlockMayShareAName() {
    assertThat(problems("a = 1\na {\n}\n")).isEmpty();
  }

  @Test
  void aQuotedAttributeNameIsAHabitOfHcl1() {
    assertThat(body("env {\n  \"A.b\" = 1\n}\n").blocks().get(0).body().attributes().get(0).name())
        .isEqualTo("A.b");
    assertThat(warnings("env {\n  \"A\" = 1\n}\n"))
        .containsExactly("2:3: HCL2 writes the name of an attribute without quotes (env)");
    assertThat(problems("\"a\" {\n}\n"))
        .containsExactly("1:5: expected '=' after the quoted name \"a\", found '{'");
  }

  @Test
  void nothingCanBeInsertedInALabel() {
    assertThat(body("a \"$${b}\" {}\n").blocks().get(0).labels().get(0).text()).isEqualTo("${b}");
    assertThat(problems("a \"x${b}\" {}\n"))
        .containsExactly("1:5: nothing can be inserted in a label: write $${ for the text (a)");
  }
}
