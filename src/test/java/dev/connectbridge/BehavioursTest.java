package dev.connectbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of behaviours: it is whole, and every test that it names is one. */
class BehavioursTest {
  private static final Path TABLE = Path.of("src/docs/behaviours.md");
  private static final Path CASES = Path.of("src/test/resources/cases");
  private static final Set<Integer> LEFT_OUT = Set.of(32, 33, 50, 53, 54, 64, 65);
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\|");
  private static final Pattern NAMED = Pattern.compile("`((?:[a-z]+\\.)?[A-Z]\\w+)\\.([a-z]\\w+)`");
  private static final Pattern CASE = Pattern.compile("case `([^`]+)`");
  private static final Set<String> TESTS =
      Set.of("Test", "ParameterizedTest", "TestFactory", "Property", "Example");

  private static List<MatchResult> rows() throws IOException {
    return Files.readString(TABLE, UTF_8)
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(Matcher::toMatchResult)
        .toList();
  }

  @Test
  void everyNumberIsThereOnceAndInOrder() throws IOException {
    List<Integer> numbers = rows().stream().map(row -> Integer.parseInt(row.group(1))).toList();

    assertThat(numbers)
        .isEqualTo(
            IntStream.rangeClosed(1, 68)
                .filter(number -> !LEFT_OUT.contains(number))
                .boxed()
                .toList());
  }

  @Test
  void everyRowNamesTestsThatThereAre() throws Exception {
    for (MatchResult row : rows()) {
      List<MatchResult> named = NAMED.matcher(row.group(3)).results().toList();
      assertThat(named).as("row %s", row.group(1)).isNotEmpty();
      for (MatchResult test : named) {
        assertThat(isTest(test.group(1), test.group(2))).as(test.group()).isTrue();
      }
    }
  }

  private static boolean isTest(String type, String method) throws ClassNotFoundException {
    return Arrays.stream(
            Class.forName("dev.connectbridge." + type, false, BehavioursTest.class.getClassLoader())
                .getDeclaredMethods())
        .filter(one -> one.getName().equals(method))
        .flatMap(one -> Arrays.stream(one.getAnnotations()))
        .anyMatch(mark -> TESTS.contains(mark.annotationType().getSimpleName()));
  }

  @Test
  void everyCaseThatIsNamedIsInATable() throws IOException {
    Set<String> titles = new HashSet<>();
    try (Stream<Path> files = Files.list(CASES)) {
      for (Path file : files.toList()) {
        Files.readString(file, UTF_8)
            .lines()
            .filter(line -> line.startsWith("== "))
            .map(line -> line.substring(line.indexOf(": ") + 2))
            .forEach(titles::add);
      }
    }
    Set<String> named =
        rows().stream()
            .flatMap(row -> CASE.matcher(row.group(3)).results())
            .map(one -> one.group(1))
            .collect(Collectors.toSet());

    assertThat(titles).containsAll(named);
  }
}
