package dev.connectbridge.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.hcl.HclBody.Attribute;
import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.util.List;

/** Short ways of reading for the tests of this room. */
final class Read {
  private Read() {}

  /** Returns the body of a text that must have no problem. */
  static HclBody body(String text) {
    HclDocument document = Hcl.parse("t.hcl", text);
    assertThat(document.problems()).isEmpty();
    return document.body();
  }

  /** Returns the value of {@code x} in a text that sets it. */
  static Node node(String text) {
    List<Attribute> attributes = body(text).attributes();
    assertThat(attributes).extracting(Attribute::name).contains("x");
    return attributes.stream()
        .filter(it -> it.name().equals("x"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /** Returns what an expression is worth. */
  static Value value(String expression) {
    return node("x = " + expression + "\n").value();
  }

  static String text(String expression) {
    return ((Value.Text) value(expression)).text();
  }

  /** Returns the problems, one line each: line:column: message (path). */
  static List<String> problems(String text) {
    return lines(Hcl.parse("", text).problems());
  }

  static List<String> warnings(String text) {
    return lines(Hcl.parse("", text).warnings());
  }

  static Place at(int line, int column) {
    return new Place(line, column);
  }

  static Value words(String text) {
    return new Value.Text(text);
  }

  static Value number(String number) {
    return new Value.Num(new java.math.BigDecimal(number));
  }

  static Value list(Value... items) {
    return new Value.Items(List.of(items));
  }

  private static List<String> lines(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }
}
