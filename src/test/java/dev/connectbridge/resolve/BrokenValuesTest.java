package dev.connectbridge.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every good spec of the corpus, broken in one line: it is told once, there, and nothing else. */
class BrokenValuesTest {
  /** Most lines stand in most specs. */
  private final Set<String> seen = new HashSet<>();

  private static final Path CORPUS = Path.of("src/test/resources/conformance/valid");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("^(\\s*[a-z_]+\\s*=\\s*)([^\\s{\\[].*)$");
  private static final Pattern ON_ONE_LINE =
      Pattern.compile("^(.*\\{\\s*[a-z_]+\\s*=\\s*)([^}\\[]*)(}\\s*)$");

  @Test
  void aValueThatIsNotKnownIsToldOnceAndBringsNothingElse() throws IOException {
    none(broken(value -> "var.nobody"));
  }

  @Test
  void aValueOfAnotherTypeIsToldOnceAndBringsNothingElse() throws IOException {
    none(broken(value -> "[[{}]]"));
  }

  @Test
  void aValueThatIsNoHclIsToldOnceAndBringsNothingElse() throws IOException {
    none(broken(value -> "= " + value));
  }

  @Test
  void aQuoteThatIsMissingIsToldOnceAndBringsNothingElse() throws IOException {
    none(broken(value -> value.replaceFirst("^\"", "")));
    none(broken(value -> value.replaceFirst("\"\\s*$", "")));
  }

  @Test
  void aNameThatIsUnknownIsToldOnceAndBringsNothingElse() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path spec : specs()) {
      String[] lines = Files.readString(spec, UTF_8).split("\n", -1);
      for (int at = 0; at < lines.length; at++) {
        Matcher matcher =
            Pattern.compile("^(\\s*)([a-z_]{4,})(\\s*=.*|\\s.*\\{.*)$").matcher(lines[at]);
        if (matcher.matches()) {
          String name = matcher.group(2);
          String swapped = name.charAt(1) + "" + name.charAt(0) + name.substring(2);
          check(spec, lines, at, matcher.group(1) + swapped + matcher.group(3), wrong);
        }
      }
    }
    none(wrong);
  }

  private static void none(List<String> wrong) {
    assertThat(wrong.stream().limit(12)).as(wrong.size() + " of them").isEmpty();
  }

  private List<String> broken(UnaryOperator<String> breaking) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path spec : specs()) {
      String[] lines = Files.readString(spec, UTF_8).split("\n", -1);
      for (int at = 0; at < lines.length; at++) {
        Matcher single = ON_ONE_LINE.matcher(lines[at]);
        Matcher line = ATTRIBUTE.matcher(lines[at]);
        if (single.matches()) {
          String bad = breaking.apply(single.group(2).strip());
          check(spec, lines, at, single.group(1) + bad + " " + single.group(3), wrong);
        } else if (line.matches()) {
          check(spec, lines, at, line.group(1) + breaking.apply(line.group(2)), wrong);
        }
      }
    }
    return wrong;
  }

  private void check(Path spec, String[] lines, int at, String bad, List<String> wrong) {
    String around = String.join("\n", lines[Math.max(0, at - 1)].strip(), bad.strip());
    if (!seen.add(around)) {
      return;
    }
    String[] edited = lines.clone();
    edited[at] = bad;
    List<Problem> problems = Specs.resolve(String.join("\n", edited)).problems();
    boolean beside = problems.stream().anyMatch(each -> each.place().line() != at + 1);
    if (problems.size() > 1 || (beside && !bad.strip().startsWith("oclor"))) {
      wrong.add(spec.getParent().getFileName() + ": " + bad.strip() + " -> " + problems);
    }
  }

  private static List<Path> specs() throws IOException {
    try (Stream<Path> all = Files.walk(CORPUS)) {
      return all.filter(path -> path.toString().endsWith(".hcl")).sorted().toList();
    }
  }
}
