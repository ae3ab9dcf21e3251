package dev.connectbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about the simulated agent says which facts are checked, and it is so. */
class FactsTableTest {
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| ([1-5]\\.[1-9]|10|11\\.6) \\| (.+?) \\| (yes|no: .+?) \\|$", Pattern.MULTILINE);

  @Test
  void everyFactIsListedAndThoseThatAreCheckedHaveATest() throws IOException {
    Set<String> checked = new TreeSet<>();
    List<String> listed = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("src/docs/simulated-agent.md")));
    while (row.find()) {
      listed.add(row.group(1));
      if (row.group(3).equals("yes")) {
        checked.add(row.group(1));
      } else {
        leftOut.add("  " + row.group(1) + " " + row.group(2) + ", " + row.group(3));
      }
    }
    System.out.printf(
        "facts: %d of %d checked on the simulated and on the real agent, by %d tests; left out:%n%s%n",
        checked.size(), listed.size(), tests().size(), String.join("\n", leftOut));

    assertThat(listed).hasSize(31).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(tests())).isEqualTo(checked);
  }

  private static List<String> tests() {
    List<String> facts = new ArrayList<>();
    for (Class<?> suite : SimulatedFactsTest.class.getInterfaces()) {
      assertThat(RealFactsIT.class.getInterfaces()).contains(suite);
      for (Method method : suite.getMethods()) {
        Fact fact = method.getAnnotation(Fact.class);
        if (fact != null) {
          facts.add(fact.value());
        }
      }
    }
    return facts;
  }
}
