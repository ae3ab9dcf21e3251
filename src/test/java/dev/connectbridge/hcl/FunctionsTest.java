package dev.connectbridge.hcl;

import static dev.connectbridge.hcl.Read.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.parse.TreeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionsTest {

  static final Decoding DECODING =
      (notation, text) ->
          (notation.equals("json") ? TreeReader.json("", text) : TreeReader.yaml("", text))
              .root()
              .orElseThrow(() -> new IllegalArgumentException("no " + notation));

  static Stream<String> cases() throws IOException {
    try (InputStream stream = FunctionsTest.class.getResourceAsStream("/hcl/functions.txt")) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aFunctionReturnsWhatItDoesInNomad(String line) {
    String[] sides = line.split(" ⇒ ", 2);

    HclDocument document = Hcl.parse("", "x = " + sides[0] + "\n", Variables.NONE, DECODING);

    assertThat(document.problems()).isEmpty();
    assertThat(JsonText.of(document.body().attributes().get(0).value().value()))
        .isEqualTo(sides[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file",
        "filebase64",
        "fileexists",
        "fileset",
        "templatefile",
        "abspath",
        "pathexpand",
        "env",
        "uuidv4",
        "timestamp",
        "bcrypt",
        "rsadecrypt"
      })
  void whatReadsTheWorldIsRefusedByName(String name) {
    assertThat(problems("x = " + name + "(\"a\")"))
        .singleElement()
        .asString()
        .startsWith("1:5: the function " + name + " is not allowed: ");
  }

  @Test
  void anUnknownFunctionIsGuessed() {
    assertThat(problems("x = uper(\"a\")"))
        .containsExactly("1:5: there is no function uper; did you mean \"upper\"?");
    assertThat(problems("x = frobnicate()"))
        .containsExactly("1:5: there is no function frobnicate");
  }

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "upper()                 | 1:5: upper takes 1 argument, found 0",
      "upper(\"a\", \"b\")     | 1:5: upper takes 1 argument, found 2",
      "substr(\"a\", 1)        | 1:5: substr takes 3 arguments, found 2",
      "max()                   | 1:5: max takes 1 or more arguments, found 0",
      "range(1, 2, 3, 4)       | 1:5: range takes 1 to 3 arguments, found 4",
      "upper([1])              | 1:11: upper: expected a text, found a list",
      "upper(null)             | 1:11: upper: expected a text, found null",
      "substr(\"a\", \"b\", 1) | 1:17: expected a number, found \"b\"",
      "substr(\"a\", 1.5, 1)   | 1:17: argument 2 of substr: expected a whole number, found 1.5",
      "join(1, 2)              | 1:13: argument 2 of join: expected a list, found the number 2",
      "join(1, [[]])           | 1:13: argument 2 of join: expected a list of texts, found in it a list",
      "keys([1])               | 1:10: keys: expected an object, found a list",
      "length(\"a\")           | 1:12: length: expected a list or an object; strlen counts the characters of a text",
      "element([], 0)          | 1:13: argument 1 of element: the list is empty",
      "slice([1], 0, 2)        | 1:19: argument 3 of slice: expected a number, 0 to 1, found 2",
      "parseint(\"z\", 10)     | 1:14: argument 1 of parseint: expected a whole number of base 10, found \"z\"",
      "log(0, 10)              | 1:5: log: there is no such number",
      "format(\"%d\", \"a\")   | 1:5: format: \"%d\" does not fit value 1, the text \"a\"",
      "format(\"%s\")          | 1:12: format: \"%s\" asks for value 1 of 0",
      "format(\"a\", 1)        | 1:5: format: there are 1 values, but only 0 are used by the text",
      "formatlist(\"%s%s\", [1, 2], [1]) | 1:32: argument 3 of formatlist: expected a list of 2, found one of 1",
      "regex(\"(\", \"a\")     | 1:11: argument 1 of regex: this is no pattern: Unclosed group, at character 2",
      "regex(\"a\", \"b\")     | 1:16: argument 2 of regex: the pattern is nowhere in this text",
      "base64decode(\"%\")     | 1:18: base64decode: expected the Base64 of a text in UTF-8",
      "jsondecode(\"{\")       | 1:16: jsondecode: no json",
      "csvdecode(\"a,b\\n1\")  | 1:15: csvdecode: expected 2 values in each row, found 1",
      "zipmap([\"a\"], [])     | 1:5: zipmap: there are 1 keys, but 0 values",
      "coalesce(null)          | 1:5: coalesce: all values are null",
      "try(1/0, [][0])         | 1:5: none of the values in try can be worked out",
      "lookup({}, \"a\")       | 1:5: lookup: there is no key \"a\", and no other value is given",
      "convert(\"a\", number)  | 1:13: expected a number, found \"a\"",
      "convert(\"a\", strng)   | 1:18: there is no type strng: expected string, number, bool, any, list(…), set(…), map(…), tuple([…]) or object({…}); did you mean \"string\"?",
      "cidrhost(\"10.0.0.0\", 1) | 1:14: argument 1 of cidrhost: expected a network such as 10.0.0.0/8, found \"10.0.0.0\"",
      "cidrhost(\"10.0.0.0/31\", 2) | 1:29: argument 2 of cidrhost: a network of /31 has no such host",
      "timeadd(\"yesterday\", \"1h\") | 1:13: argument 1 of timeadd: expected a time such as 2006-01-02T15:04:05Z, found \"yesterday\"",
      "timeadd(\"2024-01-01T00:00:00Z\", \"1\") | 1:37: argument 2 of timeadd: expected a duration such as \"1h30m\", found \"1\"",
      "formatdate(\"Q\", \"2024-01-01T00:00:00Z\") | 1:16: argument 1 of formatdate: there is no \"Q\" in a format: letters that stand for themselves stand in quotes",
      "uuidv5(\"x\", \"a\")    | 1:12: argument 1 of uuidv5: expected dns, url, oid, x500 or a UUID",
      "upper(node.x)           | 1:11: expected a value, found the bare name node.x: it needs quotes, \"${…}\"",
  })
  // spotless:on
  void aCallThatIsWrongSaysWhere(String expression, String problem) {
    List<String> found =
        Hcl.parse("", "x = " + expression, Variables.NONE, DECODING).problems().stream()
            .map(Object::toString)
            .toList();

    assertThat(found).containsExactly(problem);
  }

  @Test
  void whatTheRuntimeKnowsGoesThroughFunctionsAsText() {
    assertThat(Read.text("join(\"-\", [\"a\", \"${NOMAD_ALLOC_ID}\"])"))
        .isEqualTo("a-${NOMAD_ALLOC_ID}");
    assertThat(Read.text("upper(\"${node.x}\")")).isEqualTo("${NODE.X}");
    assertThat(Read.text("\"${format(\"%s:%d\", \"${NOMAD_IP_http}\", 80)}\""))
        .isEqualTo("${NOMAD_IP_http}:80");
  }
}
