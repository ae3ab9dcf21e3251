package dev.connectbridge.hcl;

import static dev.connectbridge.hcl.Read.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small files that would grow large; a second of processor time is what they are let have. */
class BombsTest {
  private static final Duration HANGS = Duration.ofSeconds(60);
  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final String THOUSAND = "range(1000)";

  static Stream<Named<String>> bombs() {
    return Stream.of(
        Named.of("doubling locals", doubling("[local.%s, local.%s]", "[1]", 40)),
        Named.of("doubling texts", doubling("\"${local.%s}${local.%s}\"", "\"a\"", 60)),
        Named.of("doubling objects", doubling("{a = local.%s, b = local.%s}", "{}", 40)),
        Named.of("merged joins", doubling("join(local.%s, [local.%s, \"b\"])", "\"ab\"", 60)),
        Named.of("replaced", doubling("replace(local.%s, \"a\", local.%s)", "\"aa\"", 60)),
        Named.of(
            "loops in loops",
            "x = [for a in %1$s : [for b in %1$s : [for c in %1$s : c]]]".formatted(THOUSAND)),
        Named.of(
            "texts in loops",
            "x = \"%%{for a in %1$s}%%{for b in %1$s}%%{for c in %1$s}${a}%%{endfor}%%{endfor}%%{endfor}\""
                .formatted(THOUSAND)),
        Named.of(
            "empty loops in loops",
            "x = \"%%{for a in %1$s}%%{for b in %1$s}%%{for c in %1$s}%%{endfor}%%{endfor}%%{endfor}\""
                .formatted(THOUSAND)),
        Named.of(
            "blocks in blocks",
            "dynamic \"a\" {\n for_each = %1$s\n content {\n dynamic \"b\" {\n for_each = %1$s\n"
                    .formatted(THOUSAND)
                + " content {\n dynamic \"c\" {\n for_each = range(1000)\n content {}\n}\n}\n}\n}\n}\n"),
        Named.of("a long range", "x = range(1000000000)"),
        Named.of("a range of tiny steps", "x = range(0, 1, 1e-300)"),
        Named.of("a wide format", "x = format(\"%999999999d\", 1)"),
        Named.of("a precise format", "x = format(\"%.999999999f\", 1)"),
        Named.of("a deep indent", "x = indent(999999999, \"a\\nb\")"),
        Named.of("a product", "x = setproduct(%1$s, %1$s, %1$s, %1$s)".formatted("range(100)")),
        Named.of("a power", "x = pow(9, 9999999)"),
        Named.of("a tower", "x = " + "pow(10, 300) * ".repeat(50) + "1"),
        Named.of("a greedy pattern", "x = regex(\"(a+)+$\", \"" + "a".repeat(60) + "b\")"),
        Named.of("a deep pattern", "x = regex(\"(a|b)*c\", \"" + "ab".repeat(50_000) + "\")"),
        Named.of(
            "patterns in loops",
            "x = [for a in %1$s : [for b in %1$s : can(regex(\"(x+x+)+y\", \"%2$s\"))]]"
                .formatted(THOUSAND, "x".repeat(25))),
        Named.of("splats", "x = [1]" + "[*]".repeat(100_000)),
        Named.of("many arguments", "x = max([for a in range(1000) : range(1000)]...)"),
        Named.of("tries in tries", "x = " + "try(".repeat(60) + "1/0" + ", 2/0)".repeat(60)),
        Named.of("a chain of locals", chain(5000)),
        Named.of("deep JSON", "x = jsondecode(\"" + "[".repeat(10_000) + "\")"),
        Named.of("a pile of lists", pile(5000)));
  }

  private static String doubling(String step, String first, int times) {
    StringBuilder text = new StringBuilder("locals {\n  l0 = " + first + "\n");
    for (int at = 1; at <= times; at++) {
      String before = "l" + (at - 1);
      text.append("  l" + at + " = " + step.formatted(before, before) + "\n");
    }
    return text.append("}\nx = local.l" + times + "\n").toString();
  }

  /** The first needs the second, the second the third, and so on. */
  private static String chain(int length) {
    StringBuilder text = new StringBuilder("locals {\n");
    for (int at = 0; at < length; at++) {
      text.append("  l" + at + " = local.l" + (at + 1) + "\n");
    }
    return text.append("  l" + length + " = 1\n}\n").toString();
  }

  /** Each list holds the one before. */
  private static String pile(int height) {
    StringBuilder text = new StringBuilder("locals {\n  l0 = []\n");
    for (int at = 1; at < height; at++) {
      text.append("  l" + at + " = [local.l" + (at - 1) + "]\n");
    }
    return text.append("}\n").toString();
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void aBombIsAProblemSoon(String text) {
    Burnt burnt = assertTimeoutPreemptively(HANGS, () -> read(text));

    System.out.println(
        +burnt.time().toMillis()
            + " "
            + text.substring(0, Math.min(70, text.length())).replace('\n', ' '));
    assertThat(burnt.problems()).isNotEmpty().allMatch(line -> line.matches("\\d+:\\d+: .*"));
    assertThat(burnt.time()).isLessThan(BOUND);
  }

  /** What was found, and the processor time that it took; other builds do not count in it. */
  private record Burnt(List<String> problems, Duration time) {}

  private static Burnt read(String text) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    List<String> problems =
        Hcl.parse("", text, Variables.NONE, FunctionsTest.DECODING).problems().stream()
            .map(Object::toString)
            .toList();
    return new Burnt(problems, Duration.ofNanos(threads.getCurrentThreadCpuTime() - before));
  }

  @Test
  void whatIsMerelyLongIsNoBomb() {
    assertThat(problems("x = [" + "1,".repeat(300_000) + "]")).isEmpty();
    assertThat(problems("x = \"" + "a".repeat(1_500_000) + "${1}\"")).isEmpty();
    assertThat(problems("x = [for a in range(1000) : [for b in range(100) : a * b]]")).isEmpty();
  }
}
