package dev.connectbridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectbridge.reconcile.Outcome;
import dev.connectbridge.reconcile.PortMemory;
import dev.connectbridge.reconcile.Reconciler;
import dev.connectbridge.reconcile.Settings;
import dev.connectbridge.spec.Problem;
import dev.connectbridge.testing.FakeAgent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file that becomes unreadable is a clear problem, soon, and costs nothing that is registered.
 */
class BadInputTest {
  private static final int DEEP = 200_000;

  private static final Map<String, String> GOOD =
      Map.of(
          "hcl",
          """
          job "%s" {
            group "api" {
              service {
                name = "%s"
                port = "9001"
              }
            }
          }
          """,
          "json",
          """
          {"job": {"%s": {"group": {"api": {"service": {
            "name": "%s",
            "port": "19001"
          }}}}}}
          """,
          "yaml",
          """
          job:
            "%s":
              group:
                api:
                  service:
                    name: "%s"
                    port: "29001"
          """);

  @TempDir private Path top;
  private final FakeAgent agent = new FakeAgent();
  private Reconciler reconciler;
  private SpecPaths paths;

  @BeforeEach
  void everythingIsRegistered() throws IOException {
    for (String ending : GOOD.keySet()) {
      Files.writeString(top.resolve(ending + "." + ending), good(ending));
    }
    paths = new SpecPaths(List.of(top));
    reconciler = new Reconciler(agent, Settings.of("default"), PortMemory.ofProcess(TreeSet::new));
    assertThat(reconciler.pass(paths.read()).done()).isTrue();
    assertThat(agent.holds().registrations()).hasSize(3);
    agent.writes();
  }

  private static String good(String ending) {
    return GOOD.get(ending).formatted(ending, ending);
  }

  static Stream<String> badOnes() {
    List<String> all = new ArrayList<>();
    for (String ending : List.of("hcl", "json", "yaml")) {
      bad(ending).keySet().forEach(what -> all.add(ending + ": " + what));
    }
    return all.stream();
  }

  private static Map<String, byte[]> bad(String ending) {
    Map<String, byte[]> bad = new LinkedHashMap<>();
    byte[] garbage = new byte[1 << 20];
    new Random(1).nextBytes(garbage);
    bad.put("1 MB of garbage", garbage);
    StringBuilder printable = new StringBuilder();
    new Random(2).ints(1 << 20, ' ', '~').forEach(character -> printable.append((char) character));
    bad.put("1 MB of printable garbage", bytes(printable.toString()));
    bad.put("1 MB of one letter", bytes("x".repeat(1 << 20)));
    bad.put("deep lists", bytes(open(ending, "[".repeat(DEEP))));
    bad.put("deep lists that close", bytes(open(ending, "[".repeat(DEEP) + "]".repeat(DEEP))));
    bad.put("deep blocks", bytes(deep(ending)));
    bad.put("a key twice", bytes(twice(ending)));
    bad.put("a NUL", bytes(good(ending).replace("9001", "9\0001")));
    bad.put("NULs alone", new byte[1 << 20]);
    bad.put("nothing", new byte[0]);
    bad.put("half of it", bytes(good(ending).substring(0, good(ending).indexOf("name") + 7)));
    return bad;
  }

  /** The time of this thread alone: a machine that is busy otherwise does not count. */
  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String open(String ending, String value) {
    return switch (ending) {
      case "hcl" -> "job = " + value;
      case "json" -> "{\"job\": " + value;
      default -> "job: " + value;
    };
  }

  private static String deep(String ending) {
    return switch (ending) {
      case "hcl" -> "a {".repeat(DEEP);
      case "json" -> "{\"a\":".repeat(DEEP);
      default -> "a: {".repeat(DEEP);
    };
  }

  private static String twice(String ending) {
    String good = good(ending);
    String line = good.lines().filter(text -> text.contains("9001")).findFirst().orElseThrow();
    String comma = ending.equals("json") ? "," : "";
    return good.replace(line, line + comma + "\n" + line);
  }

  @ParameterizedTest
  @MethodSource("badOnes")
  @Timeout(20)
  void itIsAProblemAndNothingIsLost(String which) throws IOException {
    String ending = which.substring(0, which.indexOf(':'));
    Path file = top.resolve(ending + "." + ending);
    Files.write(file, bad(ending).get(which.substring(ending.length() + 2)));

    long before = cpuTime();
    Outcome outcome = reconciler.pass(paths.read());
    Duration taken = Duration.ofNanos(cpuTime() - before);

    assertThat(taken).isLessThan(Duration.ofSeconds(1));
    assertThat(outcome.desired().problems())
        .isNotEmpty()
        .allMatch(problem -> problem.file().equals(file.toString()))
        .allMatch(problem -> problem.place().line() > 0 && problem.place().column() > 0);
    assertThat(agent.writes()).isEmpty();
    assertThat(agent.holds().registrations()).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("endings")
  @Timeout(20)
  void linesThatEndAsOnWindowsAndAByteOrderMarkChangeNothing(String ending) throws IOException {
    Path file = top.resolve(ending + "." + ending);
    Files.writeString(file, "\uFEFF" + good(ending).replace("\n", "\r\n"));

    Outcome outcome = reconciler.pass(paths.read());

    assertThat(outcome.desired().problems()).isEmpty();
    assertThat(outcome.desired().warnings())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("byte order mark"));
    assertThat(agent.writes()).isEmpty();
  }

  static Stream<String> endings() {
    return Stream.of("hcl", "json", "yaml");
  }

  @ParameterizedTest
  @MethodSource("endings")
  @Timeout(20)
  void aLinkThatLeadsBackToItselfIsAProblemAndNothingIsLost(String ending) throws IOException {
    Path file = top.resolve(ending + "." + ending);
    Files.delete(file);
    Files.createSymbolicLink(file, file.getFileName());

    Outcome outcome = reconciler.pass(paths.read());

    assertThat(outcome.desired().problems()).hasSize(1);
    assertThat(outcome.desired().problems().get(0).toString())
        .isEqualTo(file + ":1:1: a link that leads back to itself");
    assertThat(agent.writes()).isEmpty();
  }

  @Test
  @Timeout(20)
  void aDirectoryThatLeadsBackToItselfIsAProblemAndNothingIsLost() throws IOException {
    Files.createSymbolicLink(top.resolve("loop"), top);

    Outcome outcome = reconciler.pass(paths.read());

    assertThat(outcome.desired().problems()).hasSize(1);
    assertThat(agent.writes()).isEmpty();
  }
}
