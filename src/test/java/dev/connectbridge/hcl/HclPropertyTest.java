package dev.connectbridge.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.Origin.Place;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.spec.Value;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HclPropertyTest {
  private static final List<String> WORDS =
      List.of(
          "{", "}", "[", "]", "(", ")", "\"", "${", "%{", "~", "=", "==", ",", "\n", "\r\n", "#",
          "//", "/*", "*/", "<<A\n", "<<-A\n", "A\n", "\\", ".", "...", ":", "?", "-", "!", "a",
          "b ", "1", "1e9", "if ", "for ", "in ", "else", "endif", "true", " ", "\0", "\uD83D", "é",
          "😀", "=>", "+");

  @Property(tries = 1000)
  void anyTextGivesABodyAndProblemsInsideIt(@ForAll String text) {
    check(text);
  }

  @Property(tries = 1500)
  void anyHeapOfWordsDoesSoToo(@ForAll("heaps") String text) {
    check(text);
  }

  @Property(tries = 1000)
  void aDamagedSpecDoesSoToo(@ForAll("damaged") String text) {
    check(text);
  }

  @Property(tries = 300)
  void aPrintedTreeIsReadAsItWas(@ForAll("trees") Printed tree) {
    HclDocument document = Hcl.parse("", tree.text());

    assertThat(document.problems()).isEmpty();
    assertThat(Printed.of(document.body())).isEqualTo(tree);
  }

  private static void check(String text) {
    HclDocument document = Hcl.parse("f", text);

    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<String> lines = Stream.of(content.split("\n", -1)).toList();
    assertThat(document.body()).isNotNull();
    assertThat(document.problems()).hasSizeLessThanOrEqualTo(21);
    assertThat(Stream.concat(document.problems().stream(), document.warnings().stream()))
        .map(Problem::place)
        .allMatch(place -> isInside(place, lines));
  }

  private static boolean isInside(Place place, List<String> lines) {
    if (place.line() < 1 || place.line() > lines.size() || place.column() < 1) {
      return false;
    }
    String line = lines.get(place.line() - 1);
    return place.column() <= line.codePointCount(0, line.length()) + 1;
  }

  @Provide
  Arbitrary<String> heaps() {
    return Arbitraries.of(WORDS).list().ofMaxSize(60).map(words -> String.join("", words));
  }

  @Provide
  Arbitrary<String> damaged() throws IOException {
    String spec = HclSeedsTest.text("sidecar-task-1");
    Arbitrary<Integer> offsets = Arbitraries.integers().between(0, spec.length());
    return Combinators.combine(offsets, offsets, Arbitraries.of(WORDS), offsets)
        .as(
            (from, to, word, end) -> {
              String edited =
                  spec.substring(0, Math.min(from, to)) + word + spec.substring(Math.max(from, to));
              return end % 2 == 0 ? edited : edited.substring(0, Math.min(end, edited.length()));
            });
  }

  @Provide
  Arbitrary<Printed> trees() {
    return bodies(2);
  }

  private static Arbitrary<Printed> bodies(int depth) {
    Arbitrary<List<Printed.Nested>> blocks =
        depth == 0 ? Arbitraries.just(List.of()) : blocks(depth).list().ofMaxSize(3);
    return Combinators.combine(Arbitraries.maps(names(), values(2)).ofMaxSize(4), blocks)
        .as(Printed::new);
  }

  private static Arbitrary<Printed.Nested> blocks(int depth) {
    return Combinators.combine(
            names().filter(name -> !name.equals("dynamic")),
            texts().list().ofMaxSize(2),
            bodies(depth - 1))
        .as(Printed.Nested::new);
  }

  private static Arbitrary<String> names() {
    return Arbitraries.of("name", "port", "x-y", "_a", "true", "for", "é", "in", "A1");
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.of("${JOB}", "$${x}", "%{", "$", "a\nb", "\\", "\"", "# no", "😀", ""),
        Arbitraries.strings().alpha().ofMaxLength(5),
        Arbitraries.strings().ascii().ofMaxLength(8));
  }

  private static Arbitrary<Value> values(int depth) {
    Arbitrary<Value> scalars =
        Arbitraries.oneOf(
            texts().map(Value.Text::new),
            Arbitraries.bigDecimals().map(Value.Num::new),
            Arbitraries.of(true, false).map(Value.Bool::new),
            Arbitraries.just(new Value.Nothing()));
    if (depth == 0) {
      return scalars;
    }
    return Arbitraries.oneOf(
        scalars,
        values(depth - 1).list().ofMaxSize(3).map(Value.Items::new),
        Arbitraries.maps(texts(), values(depth - 1)).ofMaxSize(3).map(Value.Entries::new));
  }
}
