package dev.connectbridge.hcl;

import static dev.connectbridge.hcl.Read.list;
import static dev.connectbridge.hcl.Read.node;
import static dev.connectbridge.hcl.Read.number;
import static dev.connectbridge.hcl.Read.problems;
import static dev.connectbridge.hcl.Read.text;
import static dev.connectbridge.hcl.Read.value;
import static dev.connectbridge.hcl.Read.words;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HclTextTest {

  @Test
  void escapesStandForTheirCharacters() {
    assertThat(text("\"a\\n\\r\\t\\\"\\\\\\u00e9\\U0001F600\"")).isEqualTo("a\n\r\t\"\\é😀");
  }

  @Test
  void doubledSignsAreTextAndSingleOnesToo() {
    assertThat(text("\"$${x} %%{y} $z %z $$ %%\"")).isEqualTo("${x} %{y} $z %z $$ %%");
    assertThat(text("\"$$${1}\"")).isEqualTo("$${1}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${NOMAD_ALLOC_ID}", "a-${node.datacenter}-b", "${attr.kernel.name}", "${env[\"X\"]}",
        "${meta.connect.sidecar_image}", "${ JOB }", "${node.unique.name}${JOB}", "${meta.a-b.0}"
      })
  void whatOnlyTheRuntimeKnowsStaysAsItWasWritten(String written) {
    assertThat(text("\"" + written + "\"")).isEqualTo(written);
    assertThat(text("<<A\n" + written + "\nA")).isEqualTo(written + "\n");
  }

  @Test
  void constantsAreInserted() {
    assertThat(text("\"a${1.50}b${true}${\"c${\"d\"}\"}\"")).isEqualTo("a1.5btruecd");
    assertThat(text("\"${1000 * 1000}x\"")).isEqualTo("1000000x");
    assertThat(problems("x = \"a${[1]}\""))
        .containsExactly("1:7: expected a text as what is inserted in a text, found a list");
    assertThat(problems("x = \"a${null}\"")).hasSize(1);
  }

  @Test
  void aTextThatIsOneConstantAloneKeepsItsType() {
    assertThat(value("\"${1}\"")).isEqualTo(number("1"));
    assertThat(value("\"${[1]}\"")).isEqualTo(list(number("1")));
    assertThat(value("\" ${~ 1 ~} \"")).isEqualTo(words("1"));
  }

  @Test
  void stripMarksTakeAwayWhiteSpaceOnTheirSide() {
    assertThat(text("\"a ${~ 1 ~} b\"")).isEqualTo("a1b");
    assertThat(text("\"a ${ 1 ~} b ${~ 2 } c\"")).isEqualTo("a 1b2 c");
  }

  @Test
  void whatIsComputedFromTheRuntimeIsAProblem() {
    assertThat(problems("x = \"${NOMAD_PORT_a + 1}\""))
        .containsExactly(
            "1:8: only the runtime knows NOMAD_PORT_a: it may stand alone in ${…},"
                + " as \"${NAME}\"");
    assertThat(problems("x = \"${JOB}\" == \"a\""))
        .containsExactly("1:5: nothing can be computed from a value that only the runtime knows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"each.key", "count.index", "path.root"})
  void whatOtherToolsDefineIsNotThere(String name) {
    assertThat(problems("x = \"a${" + name + "}\""))
        .containsExactly(
            "1:9: there is no "
                + name
                + ": a job file knows var.NAME, local.NAME and the names of its loops");
  }

  @Test
  void directivesChooseAndRepeat() {
    assertThat(text("\"a%{ if true }b%{ else }c%{ endif }\"")).isEqualTo("ab");
    assertThat(text("\"a%{ if 1 > 2 }b%{ endif }\"")).isEqualTo("a");
    assertThat(text("<<A\n%{ for k, v in [1, 2] ~}\n${k}=${v}\n%{ endfor }\nA\n"))
        .isEqualTo("0=1\n1=2\n\n");
    assertThat(
            text("\"%{ for a in [1, 2] }%{ for b in [3] }${a}${b} ${JOB};%{ endfor }%{ endfor }\""))
        .isEqualTo("13 ${JOB};23 ${JOB};");
  }

  @Test
  void directivesSayWhatTheyMiss() {
    assertThat(problems("x = \"%{ if 3 }a%{ endif }\""))
        .containsExactly("1:12: expected true or false, found the number 3");
    assertThat(problems("x = \"%{ for a in 3 }a%{ endfor }\""))
        .containsExactly("1:18: expected a list or object to go over, found the number 3");
    assertThat(problems("x = \"%{ for a in [[]] }${a}%{ endfor }\""))
        .containsExactly("1:24: expected a text as what is inserted in a text, found a list");
    assertThat(problems("x = \"%{ if true }\""))
        .containsExactly("1:6: %{ if } is never closed: expected %{ endif } (x)");
    assertThat(problems("x = \"%{ endif }\""))
        .containsExactly("1:6: %{ endif } has nothing that it belongs to (x)");
    assertThat(problems("x = \"%{ foo }\""))
        .containsExactly("1:9: expected if, else, endif, for or endfor after '%{' (x)");
  }

  @Test
  void aHeredocKeepsItsLines() {
    assertThat(text("<<EOT\n  a \\n \"q\" $${b} ${1 + 1}\n\n c\n  EOT\n"))
        .isEqualTo("  a \\n \"q\" ${b} 2\n\n c\n");
    assertThat(text("<<EOT\nEOT")).isEmpty();
    assertThat(text("<<EOT\nEOTX\nX EOT\nEOT  \n")).isEqualTo("EOTX\nX EOT\n");
    assertThat(value("[<<A\na\nA\n, \"b\"]")).isEqualTo(list(words("a\n"), words("b")));
  }

  @Test
  void anIndentedHeredocLosesTheIndentationThatAllLinesHave() {
    assertThat(text("<<-EOT\n    a\n      b\n\n    c\n  EOT\n")).isEqualTo("a\n  b\n\nc\n");
    assertThat(text("<<-EOT\n    a\n  ${JOB} b\n  EOT\n")).isEqualTo("  a\n${JOB} b\n");
    assertThat(text("<<-EOT\n  a\n${JOB}\n  EOT\n")).isEqualTo("  a\n${JOB}\n");
  }

  @Test
  void aHeredocMayInsertAcrossLines() {
    assertThat(text("<<A\na ${\n1\n} b\nA\n")).isEqualTo("a 1 b\n");
    assertThat(text("<<A\n${<<B\nin\nB\n}\nA\n")).isEqualTo("in\n\n");
  }

  @Test
  void wrongEscapesAreProblemsAtTheirPlace() {
    assertThat(problems("x = \"a\\qb\""))
        .containsExactly(
            "1:7: there is no escape \\q: expected"
                + " \\n, \\r, \\t, \\\", \\\\, \\uXXXX or \\UXXXXXXXX (x)");
    assertThat(problems("x = \"\\u12\""))
        .containsExactly("1:6: expected 4 hexadecimal digits in this escape (x)");
    assertThat(problems("x = \"\\ud83d\""))
        .containsExactly("1:6: there is no character U+d83d (x)");
    assertThat(problems("x = \"\\U00110000\"")).hasSize(1);
  }

  @Test
  void whatIsNeverClosedIsAProblemWhereItOpens() {
    assertThat(problems("x = \"abc\ny = 1\n"))
        .containsExactly(
            "1:5: this text is never closed: expected '\"' before the end of the line (x)");
    assertThat(problems("x = <<EOT\nabc\n"))
        .containsExactly("1:5: this heredoc is never closed: expected a line with EOT alone (x)");
    assertThat(problems("x = 1 /* a\n"))
        .containsExactly("1:7: this comment is never closed: expected '*/' (x)");
    assertThat(problems("x = \"${1"))
        .containsExactly("1:6: this ${ is never closed: expected '}' (x)");
    assertThat(problems("x = \"${1 \"")).hasSize(1);
    assertThat(problems("x = \"${}\"")).containsExactly("1:8: expected a value, found '}' (x)");
  }

  @Test
  void aHeredocBeginsWithItsNameAndTheEndOfTheLine() {
    assertThat(problems("x = << A\na\nA\n"))
        .first()
        .asString()
        .isEqualTo("1:7: expected a name after '<<', found the character U+0020 (x)");
    assertThat(problems("x = <<A b\na\nA\n"))
        .first()
        .asString()
        .startsWith("1:8: expected the end of the line after '<<A'");
  }

  @Test
  void carriageReturnsStayInHeredocs() {
    assertThat(node("x = <<-A\r\n  a\r\n\r\n   b\r\n  A\r\ny = 1\r\n").value())
        .isEqualTo(words("a\r\n\r\n b\r\n"));
  }
}
